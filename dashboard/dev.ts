// Serves the dashboard from its sources, for `npm run dev`: a save shows at once. Requests go to the API.
import { fileURLToPath } from 'node:url';
import tailwindcss from '@tailwindcss/vite';
import { createServer } from 'vite';

const { API_URL = 'http://127.0.0.1:8000', PORT = '5173' } = process.env;

const server = await createServer({
  configFile: false,
  root: fileURLToPath(new URL('.', import.meta.url)),
  logLevel: 'warn',
  plugins: [tailwindcss()],
  server: {
    host: '127.0.0.1',
    port: Number(PORT),
    strictPort: true,
    // `Host` stays as the browser sent it, so that the API treats the page as its own.
    proxy: { '^/(api|docs|setup)(/|$)': API_URL },
  },
});
await server.listen();
process.once('SIGTERM', () => void server.close());
