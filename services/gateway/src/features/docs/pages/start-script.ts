/** A phone's header names the operation in one line, which would be wider than the window (Scalar 1.76). */
const narrowHeader = '.t-doc__header header > span { min-width: 0; overflow: hidden; text-overflow: ellipsis }';

/**
 * The script that lets the reference take the page over (https://github.com/scalar/scalar, configuration). What would ask
 * others than this gateway is off: fonts, counting of visits, Scalar's own client and assistants. Requests go to where the page
 * is, whatever the document says: its policy allows no other. Pure.
 *
 * @param scheme name of the security scheme that is offered first.
 */
export function startScript(scheme: string | undefined): string {
  const settings = {
    withDefaultFonts: false,
    telemetry: false,
    hideClientButton: true,
    agent: { disabled: true },
    mcp: { disabled: true },
    showDeveloperTools: 'never',
    persistAuth: false,
    defaultOpenAllTags: true,
    customCss: narrowHeader,
    ...(scheme === undefined ? {} : { authentication: { preferredSecurityScheme: scheme } }),
    sources: [
      { title: 'HTTP', slug: 'http', url: '/api/docs/openapi.json' },
      { title: 'Socket events', slug: 'socket-events', url: '/api/docs/asyncapi.json' },
    ],
  };
  // An element that has content is taken for the reference itself, rendered before.
  return `const place = document.getElementById('reference');
place.replaceChildren();
Scalar.createApiReference(place, { ...${JSON.stringify(settings)}, servers: [{ url: location.origin }] });
`;
}
