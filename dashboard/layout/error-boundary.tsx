import { Component, type ReactNode } from 'react';

interface ErrorBoundaryProps {
  /** another one is tried anew */
  place: string;
  /** shown instead of what failed */
  fallback: ReactNode;
  children: ReactNode;
}

/**
 * Keeps a screen that fails from taking the whole page with it: one whose file did not come, because the API is away or
 * serves a newer dashboard, and one that has a defect. React knows no other form of it than a class.
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
