/** What the stand-in remembers. Amounts are counted as Stripe counts them, moments in seconds since 1970. */

export interface Session {
  id: string;
  status: 'open' | 'complete' | 'expired';
  paid: boolean;
  amount: number;
  currency: string;
  reference: string | null;
  metadata: Record<string, string>;
  intentMetadata: Record<string, string>;
  description: string | null;
  name: string;
  adaptive: boolean;
  created: number;
  expires: number;
  successUrl: string;
  cancelUrl: string | null;
  /** What was made of it once somebody paid. */
  intent: string | null;
  live: boolean;
}

export interface Intent {
  id: string;
  charge: string;
  status: 'processing' | 'succeeded' | 'requires_payment_method';
  amount: number;
  currency: string;
  metadata: Record<string, string>;
  description: string | null;
  created: number;
  live: boolean;
}

export interface Refund {
  id: string;
  intent: string;
  charge: string;
  amount: number;
  currency: string;
  status: 'pending' | 'succeeded' | 'failed';
  created: number;
}

export interface Dispute {
  id: string;
  intent: string;
  charge: string;
  amount: number;
  currency: string;
  status: 'needs_response' | 'won' | 'lost';
  created: number;
  live: boolean;
}
