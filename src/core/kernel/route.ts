/** What is named: Express's response, of which the kernel knows no more. */
interface Named {
  locals: Record<string, unknown>;
}

/**
 * The first handler of a route says the route's name, by which metrics and logs count it. They never use the path: it is
 * whatever a stranger writes, and the path of a mail's link is a key.
 */
export function routeNamed(name: string): (request: unknown, response: Named, next: () => void) => void {
  return (_request, response, next) => {
    response.locals.route = name;
    next();
  };
}

/** The name of the route that answered; `unknown` for a path that nobody mounted. */
export function routeOf({ locals }: Named): string {
  return typeof locals.route === 'string' ? locals.route : 'unknown';
}
