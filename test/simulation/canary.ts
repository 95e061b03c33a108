/** Secrets that must never be found where people, models or logs could see them. All have the shape of real ones. */
export const canaries = {
  gitToken: 'ghs_CanaryOfTheInstallationToken0001',
  gatewayToken: 'sk-ant-CanaryOfTheGatewayToken0002',
  agentSays: 'ghp_CanaryThatAnAgentPrints00000003',
  verifyPrints: 'ghp_CanaryThatAVerifyPrints00000004',
} as const;
