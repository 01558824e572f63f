import { Component, type ReactNode } from 'react';

interface ErrorBoundaryProps {
  /** a change resets the error */
  place: string;
  /** shown instead of what failed */
  fallback: ReactNode;
  children: ReactNode;
}

/**
 * Keeps a failing screen from taking the whole page with it: one whose file could not be loaded, because the
 * API is unavailable or serves a newer dashboard, and one with a defect. React supports this only as a class.
 */
export class ErrorBoundary extends Component<ErrorBoundaryProps, { hasFailed: boolean }> {
  override state = { hasFailed: false };

  static getDerivedStateFromError(): { hasFailed: boolean } {
    return { hasFailed: true };
  }

  override componentDidUpdate({ place }: ErrorBoundaryProps): void {
    if (this.state.hasFailed && place !== this.props.place) this.setState({ hasFailed: false });
  }

  override render(): ReactNode {
    return this.state.hasFailed ? this.props.fallback : this.props.children;
  }
}
