# One image for the API, the worker and the migration; docker-compose.yml gives the command.
# glibc, as Temporal's native core needs it (Alpine has musl). The version is the one of package.json.
FROM node:24.21.0-slim@sha256:0e0ff40c39bc087845bfb27465a0df4ea419520094bc35842ff83dd8cbe6f9b6 AS build
WORKDIR /app
COPY package.json package-lock.json ./
# Scripts wait for the sources; what they would build is built below.
RUN npm ci --ignore-scripts
COPY . .
# The compile cache is for this step's user alone: the one of the user below is filled there.
RUN npm run build && rm -r .build/compile-cache && npm prune --omit=dev --omit=optional --ignore-scripts
# What is in the image, for scanners: docker run --rm github-auto-sync cat sbom.cdx.json
# By the lockfile: beside pruned packages npm refuses, since what it does not list is missing.
RUN npm sbom --package-lock-only --sbom-format=cyclonedx --sbom-type=application --omit=dev --omit=optional > sbom.cdx.json

FROM node:24.21.0-slim@sha256:0e0ff40c39bc087845bfb27465a0df4ea419520094bc35842ff83dd8cbe6f9b6
ENV NODE_ENV=production NODE_COMPILE_CACHE=/app/.build/compile-cache MALLOC_ARENA_MAX=2
WORKDIR /app
COPY --from=build /app /app
COPY --from=build --chown=node:node /app/.build /app/.build
USER node
# What the user's processes may read of it has the user's number in its name.
RUN node src/fill-compile-cache.ts
EXPOSE 8000 9464
STOPSIGNAL SIGTERM
CMD ["node", "--min-semi-space-size=8", "--max-semi-space-size=8", "src/api/server.ts"]
