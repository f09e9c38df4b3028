// What this package throws.

/** Something that failed, on what, and what to do where that is known. */
export class UnderstudyError extends Error {
  override name = 'UnderstudyError';

  /**
   * @param code the control API's word for what was refused, where it was that which refused it
   */
  constructor(
    message: string,
    readonly code?: string,
  ) {
    super(message);
  }
}
