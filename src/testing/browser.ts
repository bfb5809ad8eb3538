/** What is typed, by the names of the fields; several where boxes of one name are ticked. */
type Typed = Readonly<Record<string, string | readonly string[]>>;

interface SentFile {
  field: string;
  name: string;
  type: string;
  content: string | Uint8Array<ArrayBuffer>;
}

/** As much of a browser as a page without scripts needs: it keeps cookies, follows our redirects and sends forms. */
export class Browser {
  readonly cookies = new Map<string, string>();
  /** Every Set-Cookie line that it was sent. */
  readonly set: string[] = [];
  /** The paths it was at, in order. */
  readonly history: string[] = [];
  /** What it sends with each request. */
  readonly headers: Record<string, string>;
  /** The page as it is now. */
  html = '';
  status = 0;
  /** Where it is, without the host. */
  at = '';
  host: string;

  constructor(origin: string, headers: Record<string, string>) {
    this.host = origin;
    this.headers = headers;
  }

  async open(path: string): Promise<void> {
    await this.#go(path, {});
  }

  /** Presses the button of that name, with what is typed in the fields of its form. */
  press(button: string, fields: Typed = {}): Promise<void> {
    const { action, hidden, isGet } = this.#form(`>${button}</button>`);
    if (isGet) return this.open(`${action}?${new URLSearchParams(hidden)}`);
    return this.send(action, { ...hidden, ...fields });
  }

  /** Presses the button whose name begins like that. */
  pressAny(begin: string): Promise<void> {
    return this.press(new RegExp(`>(${begin}[^<]*)</button>`).exec(this.html)?.[1] ?? begin);
  }

  /** The hidden fields of the form in which that text stands. */
  formOf(text: string): Record<string, string> {
    return this.#form(text).hidden;
  }

  /** Sends a form, as a browser does that stays on one site. */
  send(path: string, fields: Typed, headers: Record<string, string> = {}): Promise<void> {
    const pairs = Object.entries(fields).flatMap(([name, value]): [string, string][] =>
      [value].flat().map((one) => [name, one]),
    );
    const body = new URLSearchParams(pairs);
    return this.#go(path, {
      method: 'POST',
      body,
      headers: { Origin: 'null', 'Sec-Fetch-Site': 'same-origin', ...headers },
    });
  }

  /** Presses the button of that name, with files in its form: as a browser sends it, the fields before the files. */
  pressWithFiles(
    button: string,
    files: readonly SentFile[],
    forged: Readonly<Record<string, string>> = {},
  ): Promise<void> {
    const { action, hidden } = this.#form(`>${button}</button>`);
    const body = new FormData();
    for (const [name, value] of Object.entries({ ...hidden, ...forged })) body.append(name, value);
    for (const { field, name, type, content } of files) body.append(field, new Blob([content], { type }), name);
    return this.#go(action, { method: 'POST', body, headers: { Origin: 'null', 'Sec-Fetch-Site': 'same-origin' } });
  }

  #form(text: string): { action: string; hidden: Record<string, string>; isGet: boolean } {
    const form = this.html.split('<form').find((part) => part.includes(text)) ?? '';
    const hidden = [...form.matchAll(/<input type="hidden" name="([\w-]+)" value="([^"]*)">/g)];
    return {
      action: /action="([^"]*)"/.exec(form)?.[1] ?? '',
      isGet: /^ method="get"/.test(form),
      hidden: Object.fromEntries(hidden.map(([, name = '', value = '']) => [name, value.replaceAll('&amp;', '&')])),
    };
  }

  async #go(path: string, init: RequestInit): Promise<void> {
    this.history.push(path);
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(`${this.host}${path}`, {
      redirect: 'manual',
      ...init,
      headers: { ...this.headers, ...(init.headers as object), Cookie: cookie },
    });
    for (const line of response.headers.getSetCookie()) this.#keep(line);
    const to = response.headers.get('location');
    this.at = path;
    this.status = response.status;
    this.html = await response.text();
    if (!to) return;
    const next = new URL(to, `${this.host}${path}`);
    this.host = next.origin;
    return this.#go(`${next.pathname}${next.search}`, {});
  }

  #keep(line: string): void {
    this.set.push(line);
    const [pair = ''] = line.split(';');
    const [name = '', value = ''] = pair.split('=');
    if (/Max-Age=0\b/.test(line)) this.cookies.delete(name);
    else this.cookies.set(name, value);
  }
}
