import { randomUUID } from 'node:crypto';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Express } from 'express';
import express from 'express';
import type { ConnectorTools } from './connector.ts';
import { mountConnector } from './connector.ts';
import type { Signer } from './signing.ts';
import { ISSUER } from './signing.ts';

export interface Served {
  url: string;
  loginUrl: string;
  openIdUrl: string;
  stop(): Promise<void>;
}

/** What the organisations of one Microsoft have in common: who signs, and who is logged in. */
export interface Directory {
  signer: Signer;
  tokens: Set<string>;
}

/** Serves login, signing keys and connector service on a loopback port. */
export async function serve(
  app: { port: number; appId: string; appPassword: string },
  { signer, tokens }: Directory,
  tools: Omit<ConnectorTools, 'isToken'>,
): Promise<Served> {
  const web = express();
  web.use(express.json({ limit: '1mb' }), express.urlencoded({ extended: false }));
  mountLogin(web, app, tokens);
  mountConnector(web, { ...tools, isToken: (token) => tokens.has(token) });
  const server = await new Promise<Server>((resolve, reject) => {
    const listening = web.listen(app.port, '127.0.0.1', (error?: Error) =>
      error ? reject(error) : resolve(listening),
    );
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  mountKeys(web, signer, url);
  return {
    url,
    loginUrl: `${url}/login`,
    openIdUrl: `${url}/openid`,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** OAuth's client credentials, as the login of Microsoft answers them. */
function mountLogin(web: Express, app: { appId: string; appPassword: string }, tokens: Set<string>): void {
  web.post('/login/oauth2/v2.0/token', (request, response) => {
    const asked = request.body as { client_id?: string; client_secret?: string; grant_type?: string };
    const known = asked.client_id === app.appId && asked.client_secret === app.appPassword;
    if (asked.grant_type !== 'client_credentials' || !known) {
      response.status(401).json({ error: 'invalid_client' });
      return;
    }
    const token = randomUUID();
    tokens.add(token);
    response.json({ token_type: 'Bearer', expires_in: 3600, access_token: token });
  });
}

/** Where the SDK finds the keys that activities are signed with. */
function mountKeys(web: Express, signer: Signer, url: string): void {
  web.get('/openid', (_request, response) => {
    response.json({ issuer: ISSUER, jwks_uri: `${url}/keys`, id_token_signing_alg_values_supported: ['RS256'] });
  });
  web.get('/keys', (_request, response) => {
    response.json(signer.jwks);
  });
}
