import { jwtVerify } from 'jose';
import type { JiraAppConfig } from '../../config.ts';

/** Seconds by which the clocks of a site and of this machine may differ. */
const TOLERANCE_SECONDS = 60;

/**
 * Whether an app's webhook bears a token that the app's secret signed and that has not ended:
 * developer.atlassian.com/cloud/jira/platform/webhooks, authentication for OAuth 2.0 apps. It says nothing of the body.
 */
export async function isSignedByApp(
  { clientSecret }: JiraAppConfig,
  authorization: string | undefined,
  now: Date,
): Promise<boolean> {
  const token = /^Bearer (\S+)$/i.exec(authorization ?? '')?.[1];
  if (!token) return false;
  try {
    await jwtVerify(token, new TextEncoder().encode(clientSecret), {
      algorithms: ['HS256'],
      requiredClaims: ['exp'],
      clockTolerance: TOLERANCE_SECONDS,
      currentDate: now,
    });
    return true;
  } catch {
    return false;
  }
}
