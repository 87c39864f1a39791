import { type ConfigOf, defineConfig, runtimeVariables, variable } from '@parlance/runtime';
import { z } from 'zod';

/** The jobs' configuration. */
export const jobsConfig = defineConfig('jobs', {
  nodeEnv: runtimeVariables.nodeEnv,
  mongoUri: variable({
    env: 'MONGO_URI',
    doc: 'MongoDB connection string with the database name, the same as the chat service has.',
    schema: z.string().regex(/^mongodb(\+srv)?:\/\/.+\/[^/?]+(\?.*)?$/, 'must be mongodb://HOSTS/DATABASE'),
    secret: true,
  }),
});

/** The checked values. */
export type JobsConfig = ConfigOf<typeof jobsConfig>;
