/** A right of RBAC: one verb on one resource, of one name or of all. */
export interface Right {
  /** `apiGroup/resource`; the group of the core is empty. A subresource has its own: `parlance.dev/chatmonths/status`. */
  readonly resource: string;
  readonly verb: string;
  /** The object that was asked for, where the request names one. */
  readonly name: string | undefined;
}

/**
 * The rights that a request to the Kubernetes API needs. Pure.
 * Verbs: https://kubernetes.io/docs/reference/access-authn-authz/authorization/#determine-the-request-verb; a patch of an object that
 * is not there creates it (server-side apply), which has to be allowed too.
 */
export function rightsOf(method: string, path: string): readonly Right[] {
  const { pathname, searchParams } = new URL(path, 'http://kubernetes.test');
  const match = /^\/(?:api|apis\/([^/]+))\/[^/]+\/namespaces\/[^/]+\/([^/]+)(?:\/([^/]+)(?:\/([^/]+))?)?$/.exec(
    pathname,
  );
  if (!match) throw new Error(`${pathname} is not an object or a list of objects of a namespace`);
  const [, group = '', kind = '', name, subresource] = match;
  const resource = `${group}/${kind}${subresource === undefined ? '' : `/${subresource}`}`;
  const isWatch = searchParams.get('watch') === 'true';
  const verbs = {
    GET: [name === undefined ? (isWatch ? 'watch' : 'list') : 'get'],
    POST: ['create'],
    PUT: ['update'],
    PATCH: subresource === undefined ? ['patch', 'create'] : ['patch'],
    DELETE: [name === undefined ? 'deletecollection' : 'delete'],
  }[method];
  if (!verbs) throw new Error(`${method} is no method of the Kubernetes API`);
  return verbs.map((verb) => ({ resource, verb, name }));
}
