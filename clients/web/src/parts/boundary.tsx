import type { ComponentChildren, JSX } from 'preact';
import { useErrorBoundary } from 'preact/hooks';

/** Shows `instead` where `children` throw, and nothing around them suffers. What was thrown is reported as uncaught. */
export function Boundary({ instead, children }: BoundaryProps): JSX.Element {
  const [error] = useErrorBoundary((thrown: unknown) => reportError(thrown));
  return <>{error === undefined ? children : instead}</>;
}

/** See {@link Boundary}. */
export interface BoundaryProps {
  readonly instead: ComponentChildren;
  readonly children: ComponentChildren;
}
