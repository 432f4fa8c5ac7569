import { type App, createApp } from '../app.ts';
import { type Config, loadConfig } from '../config/config.ts';

/** Runs `use` with the whole program, and closes it whatever comes. */
export async function withApp<Result>(
  use: (app: App) => Promise<Result>,
  config: Config = loadConfig(),
): Promise<Result> {
  const app = await createApp(config);
  try {
    return await use(app);
  } finally {
    await app.close();
  }
}
