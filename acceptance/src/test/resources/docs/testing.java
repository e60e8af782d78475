TestService pricing;
