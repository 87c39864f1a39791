import { type ConfigOf, defineConfig, mongoUri, runtimeVariables, variable } from '@parlance/runtime';

/** The jobs' configuration. */
export const jobsConfig = defineConfig('jobs', {
  nodeEnv: runtimeVariables.nodeEnv,
  mongoUri: variable({
    env: 'MONGO_URI',
    doc: 'MongoDB connection string with the database name, the same as the chat service has.',
    schema: mongoUri(),
    secret: true,
  }),
});

/** The checked values. */
export type JobsConfig = ConfigOf<typeof jobsConfig>;
