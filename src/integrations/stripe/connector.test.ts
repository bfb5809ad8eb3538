import { connectorContract } from '../../testing/connector-contract.ts';
import { stripeStage } from '../../testing/stripe-stage.ts';

connectorContract('stripe', stripeStage, { isOneWay: true, isKeyed: true });
