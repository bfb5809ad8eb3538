import type { Express, Request, Response } from 'express';
import express from 'express';
import type { JiraAppConfig } from '../../config.ts';
import { bindBrowser, isBoundBrowser } from '../../core/kernel/connect-browser.ts';
import type { Beginning } from '../../core/kernel/connect-link.ts';
import { beginningIn, EXPIRED, FOREIGN, firmName, refuse, show } from '../../core/kernel/connect-page.ts';
import { DomainError } from '../../core/kernel/errors.ts';
import { RetryLater } from '../../core/kernel/jobs.ts';
import type { App } from '../../core/kernel/registry.ts';
import { routeNamed } from '../../core/kernel/route.ts';
import { connectSite, openGrant, sealGrant } from './connect-site.ts';
import type { Grant } from './oauth.ts';
import { authorizeUrl, exchanged } from './oauth.ts';
import type { CloudSite } from './sites.ts';
import { onSite, sitesOf } from './sites.ts';
import { JiraRefusal } from './transport.ts';

/** Where Atlassian sends people back to; the app must name it. */
const BACK = '/jira/oauth_redirect';
const CHOOSE = '/jira/choose';
/** Of what is posted: a grant is a few thousand characters long. */
const LARGEST = '100kb';

const NO_SITE =
  'Atlassian let Parley into no Jira site. Begin again with “connections”, choose a site in Atlassian, and allow all that is asked.';
const AWAY = 'Atlassian gives no good answer just now, so nothing was connected. Begin again with “connections”.';

/** Somebody on the way: who began, by which signed state, and what Atlassian gave them. */
interface Going {
  beginning: Beginning;
  state: string;
  grant: Grant;
}

/**
 * Lets administrators connect Jira sites of theirs by the hub's own app, by Atlassian's OAuth 2.0 (3LO): what they are let into
 * there is their firm's. The state is bound to whoever began and to the browser that was told for which firm, and each step of it
 * counts once. What Atlassian gave is in the browser until a project is chosen, sealed so that only this firm's hub opens it.
 */
export function mountInstall(web: Express, application: JiraAppConfig, app: App): void {
  const pages = new Pages(application, app);
  web.get('/jira/install/:begin', routeNamed('jira.install'), (request, response) => pages.begin(request, response));
  web.get(BACK, routeNamed('jira.oauth'), (request, response) =>
    pages.answer(response, async () => {
      const going = await pages.granted(request, response);
      const sites = await sitesOf(application, going.grant, app.clock);
      const [only] = sites;
      if (!only) throw new DomainError('conflict', NO_SITE);
      if (sites.length > 1) await pages.chooseSite(response, going, sites);
      else await pages.chooseProject(response, going, only);
    }),
  );
  const form = express.urlencoded({ extended: false, limit: LARGEST });
  web.post(CHOOSE, routeNamed('jira.choose'), form, (request, response) =>
    pages.answer(response, async () => {
      const { site: id, project } = (request.body ?? {}) as Record<string, unknown>;
      const going = await pages.goingOn(request);
      const site = (await sitesOf(application, going.grant, app.clock)).find((one) => one.id === id);
      if (!site) throw new DomainError('conflict', NO_SITE);
      if (typeof project === 'string') await pages.connect(response, going, site, project);
      else await pages.chooseProject(response, going, site);
    }),
  );
}

class Pages {
  readonly #application: JiraAppConfig;
  readonly #app: App;
  readonly #redirectUri: string;

  constructor(application: JiraAppConfig, app: App) {
    this.#application = application;
    this.#app = app;
    this.#redirectUri = `${app.publicUrl}${BACK}`;
  }

  /** For which firm a site is to be connected; from there on to Atlassian, in the browser that was told so. */
  async begin(request: Request, response: Response): Promise<void> {
    const state = String(request.params.begin);
    const beginning = beginningIn(this.#app, state, 'jira');
    if (!beginning) return refuse(response, EXPIRED);
    if (request.query.go !== undefined && isBoundBrowser(this.#app.secrets, request, { tool: 'jira', state }))
      return response.redirect(302, authorizeUrl(this.#application, this.#redirectUri, state));
    this.#bind(response, state);
    const firm = await firmName(this.#app, beginning);
    show(response, 200, {
      title: `Connect a Jira site of ${firm}`,
      text: `Atlassian asks you next whether Parley may use Jira in your name. What happens in the project that you choose then belongs to ${firm}.`,
      button: { label: 'Continue to Atlassian', href: '?go' },
    });
  }

  /** What somebody brings back from Atlassian. @throws DomainError with the cure */
  async granted(request: Request, response: Response): Promise<Going> {
    const { state, beginning } = this.#stateOf(request.query.state);
    if (!isBoundBrowser(this.#app.secrets, request, { tool: 'jira', state }))
      throw new DomainError('forbidden', FOREIGN);
    const callback = new URL(request.originalUrl, this.#app.publicUrl);
    const sent = { state, redirectUri: this.#redirectUri };
    const grant = await exchanged(this.#application, callback, sent, this.#app.clock);
    // From here on the browser may choose, and comes back from Atlassian no more.
    this.#bind(response, state, 'choosing');
    return { state, beginning, grant };
  }

  /** The same, from a form of ours. @throws DomainError with the cure */
  async goingOn(request: Request): Promise<Going> {
    const { state: given, grant: sealed } = (request.body ?? {}) as Record<string, unknown>;
    const { state, beginning } = this.#stateOf(given);
    if (!isBoundBrowser(this.#app.secrets, request, { tool: 'jira', state, step: 'choosing' }))
      throw new DomainError('forbidden', FOREIGN);
    const grant = await openGrant(this.#app, beginning, String(sealed));
    if (!grant) throw new DomainError('forbidden', EXPIRED);
    return { state, beginning, grant };
  }

  async chooseSite(response: Response, going: Going, sites: readonly CloudSite[]): Promise<void> {
    show(response, 200, {
      title: 'Which Jira site?',
      text: 'You let Parley into several. One is connected now; begin again for another.',
      choice: {
        ...{ action: CHOOSE, hidden: await this.#kept(going), name: 'site', label: 'Site', submit: 'Continue' },
        options: sites.map(({ id, name, url }) => ({ value: id, label: `${name} (${new URL(url).host})` })),
      },
    });
  }

  async chooseProject(response: Response, going: Going, site: CloudSite): Promise<void> {
    const { host } = new URL(site.url);
    const clock = this.#app.clock;
    const projects = await onSite(this.#application, site, going.grant, clock, (jira) => jira.projects());
    if (!projects.length)
      throw new DomainError(
        'conflict',
        `There is no project on ${host} that you may see, so nothing was connected. Make one in Jira, then begin again with “connections”.`,
      );
    const hidden = { ...(await this.#kept(going)), site: site.id };
    show(response, 200, {
      title: `Which project on ${host}?`,
      text: 'Approved tickets become issues there.',
      choice: {
        ...{ action: CHOOSE, hidden, name: 'project', label: 'Project', submit: 'Connect' },
        options: projects.map(({ key, name }) => ({ value: key, label: `${name} (${key})` })),
      },
    });
  }

  async connect(response: Response, { beginning, grant }: Going, site: CloudSite, project: string): Promise<void> {
    const { host } = new URL(site.url);
    const isTold = await connectSite(this.#app, this.#application, beginning, { site, project, grant });
    const told = isTold
      ? 'Jira tells Parley of changes at once.'
      : 'Jira takes no webhook for this hub’s address, so Parley asks for changes every ten minutes.';
    show(response, 200, {
      title: `${host} is connected`,
      text: `Approved tickets become issues of the project ${project} from now on. ${told}`,
    });
  }

  /** Answers; where nothing comes of it, with a sentence that says why. */
  async answer(response: Response, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (error instanceof DomainError && error.code !== 'unavailable') return refuse(response, error.say);
      if (!(error instanceof RetryLater || error instanceof JiraRefusal)) throw error;
      // Only what was asked and its status: neither tokens nor answers are in these errors.
      this.#app.log.warn({ err: error }, 'a Jira site could not be connected');
      refuse(response, AWAY);
    }
  }

  #stateOf(given: unknown): Pick<Going, 'state' | 'beginning'> {
    const state = String(given);
    const beginning = beginningIn(this.#app, state, 'jira');
    if (!beginning) throw new DomainError('forbidden', EXPIRED);
    return { state, beginning };
  }

  async #kept({ beginning, state, grant }: Going): Promise<Record<string, string>> {
    return { state, grant: await sealGrant(this.#app, beginning, grant) };
  }

  #bind(response: Response, state: string, step?: string): void {
    const way = { tool: 'jira', state, ...(step ? { step } : {}) };
    bindBrowser(this.#app.secrets, response, way, this.#app.publicUrl.startsWith('https:'));
  }
}
