# One image for web and worker, or both in one: compose.yaml and docs/operating.md say how it is run.
# The worker starts sandboxes of its own, so its container must be allowed to make namespaces.
FROM node:24-bookworm-slim AS packages
WORKDIR /app
COPY package.json package-lock.json ./
# The image brings Node 24 itself; the optional packages carry another copy of it.
RUN npm ci --omit=dev --omit=optional --ignore-scripts && npm cache clean --force

FROM node:24-bookworm-slim
RUN apt-get update \
  && apt-get install --yes --no-install-recommends bubblewrap ca-certificates git redis-server tini util-linux \
  && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY --from=packages /app/node_modules node_modules
COPY package.json app.yml ./
COPY bin bin
COPY src src
COPY workers workers
# A volume takes its owner from what it is mounted over.
RUN rm -rf src/demo && useradd --create-home --uid 10001 gatepilot \
  && mkdir -p /data/artifacts && chown -R gatepilot /data
USER gatepilot
ENV GATEPILOT_DATA=/data NODE_ENV=production
VOLUME /data
EXPOSE 3000
# tini as PID 1 reaps what ended sandboxes leave behind.
ENTRYPOINT ["tini", "--", "/app/bin/container.sh"]
CMD ["web"]
