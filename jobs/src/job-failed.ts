/** A job could not do what it planned, for a reason that its text says in full. Nothing of it needs to be undone. */
export class JobFailed extends Error {
  override readonly name = 'JobFailed';
}
