/** A request to change the world that makes no sense (unknown name, wrong state). `status` is the HTTP status for it. */
export class WorldError extends Error {
  readonly status: number;

  constructor(message: string, status = 422) {
    super(message);
    this.name = 'WorldError';
    this.status = status;
  }
}
