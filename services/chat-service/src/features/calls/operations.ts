import { type CallName, calls, type RequestOf, type ResponseOf } from '@parlance/proto/operations';
import type { CallContext } from '../../requests/call-context.js';

/** One implementation of each call, whichever way it comes: by a unary RPC or on the stream. */
export type Operations = {
  readonly [Name in CallName]: (context: CallContext, request: RequestOf<Name>) => Promise<ResponseOf<Name>>;
};

/**
 * Puts the services behind the calls: each call is done by the method of its name, whichever service has it. The build fails when
 * none has, or when it takes or answers something else.
 */
export function createOperations<Services extends Readonly<Record<string, object>>>(
  services: Services & CoversAll<Services>,
): Operations {
  const methods = (Object.keys(calls) as CallName[]).map((name) => {
    const service = Object.values<Partial<Operations>>(services).find((each) => name in each);
    if (service === undefined) throw new Error(`no service has a method ${name}`);
    const method = (context: CallContext, request: never): unknown => service[name]?.(context, request);
    return [name, method] as const;
  });
  return Object.fromEntries(methods) as unknown as Operations;
}

/** Nothing that can be passed, unless the services have all methods together. */
type CoversAll<Services> = All<MethodsOf<Services[keyof Services]>> extends Operations ? unknown : never;

/** The methods of a service that are calls; what else it has stays out. */
type MethodsOf<Service> = Service extends object ? Pick<Service, keyof Service & CallName> : never;

type All<Union> = (Union extends unknown ? (each: Union) => void : never) extends (each: infer Each) => void
  ? Each
  : never;
