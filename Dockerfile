# One image for the API, the worker and the migration; docker-compose.yml gives the command.
# glibc, as Temporal's native core needs it (Alpine has musl).
FROM node:24-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
# Scripts wait for the sources; what they would build is built below.
RUN npm ci --ignore-scripts
COPY . .
RUN npm run build && npm prune --omit=dev --omit=optional --ignore-scripts

FROM node:24-slim
ENV NODE_ENV=production
WORKDIR /app
COPY --from=build /app /app
USER node
EXPOSE 8000 9464
STOPSIGNAL SIGTERM
CMD ["node", "src/api/server.ts"]
