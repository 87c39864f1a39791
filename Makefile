# Targets for people. `make help` lists them. Everything runs on the Node that npm installs into the project.

export PATH := $(CURDIR)/node_modules/.bin:$(PATH)
.DEFAULT_GOAL := help
.PHONY: help up down status logs env token restart demo test test-slice test-faults test-plants test-model test-mutants test-tiers test-tiers-full test-k8s test-alerts test-dashboards test-first-hour bench bench-storm bench-comeback bench-layout bench-archive bench-tiers check generate format build web pack loadtest loadtest-scripts install clean-data

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  make %-16s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

up: web ## Start MongoDB, Redis, the chat service and the gateway; Ctrl-C stops them (DETACH=1: in the background; PROFILE=cluster: sharded; MONITORING=1: Prometheus)
	@node devstack/dist/cli.js up $(if $(DETACH),--detach)

down: install ## Stop what `make up` started
	@node devstack/dist/cli.js down

status: install ## Show what runs, where
	@node devstack/dist/cli.js status

logs: install ## Show the logs of `make up` (NAME=gateway for one, FOLLOW=1 to go on)
	@node devstack/dist/cli.js logs $(NAME) $(if $(FOLLOW),-f)

env: install ## Where the running stack answers, as variables: eval "$$(make -s env)"
	@node devstack/dist/cli.js env

token: install ## A token for the running stack (USER=ann, SCOPE=admin, TTL=1h)
	@node devstack/dist/cli.js token $(if $(findstring command,$(origin USER)),--user '$(USER)') $(if $(SCOPE),--scope '$(SCOPE)') $(if $(TTL),--ttl '$(TTL)')

restart: build ## Build, and restart one part of the running stack (NAME=gateway)
	@node devstack/dist/cli.js restart $(NAME)

demo: build ## Two people talk through the running stack; one is cut off and catches up
	@url=$$(node devstack/dist/cli.js url) && node clients/demo/dist/main.js "$$url"

test: build web ## Run the tests on real servers
	@vitest run --project memory --project servers

test-slice: build ## Run a few minutes of faults under load
	@vitest run --project faults

test-faults: build ## Send 100,000 messages while everything is broken on purpose (ARGS="--seed 2 --sends 10000")
	@node services/e2e/dist/faults/main.js $(ARGS)

test-model: build ## Explore all states of a model of the message log (docs/model.md; a minute or two)
	@node services/e2e/dist/model/main.js $(ARGS)

test-plants: build ## Plant known bugs into the services; each must be caught (ARGS="no-seal")
	@node services/e2e/dist/plants/main.js $(ARGS)

test-tiers: build ## Let 14 months pass while jobs are killed and people read everything (ARGS="--seed 2 --messages 10000")
	@node services/e2e/dist/tiers/main.js $(ARGS)

test-tiers-full: build ## The same with 200,000 messages and 100 kills at any moment
	@node services/e2e/dist/tiers/main.js --messages 200000 --kills 100 $(ARGS)

test-k8s: build ## Install everything on a real Kubernetes and try it (about 12 minutes; ARGS="--workdir DIR --keep")
	@node k8s/dist/install/main.js $(ARGS)

test-alerts: build ## Break a deployment in one way after the other; the expected alert has to fire, and no other (ARGS="redis-killed")
	@node services/e2e/dist/monitoring/drill/main.js $(ARGS)

test-dashboards: build ## Ask a Prometheus every query of the dashboards while people talk, draw them (ARGS="--seconds 60")
	@node services/e2e/dist/monitoring/panels/main.js $(ARGS)

test-first-hour: build web ## Do what the pages for builders tell, as they stand there, in empty folders (ARGS="build-a-bot")
	@node services/e2e/dist/first-hour/main.js $(ARGS)

bench: build ## What a message costs, beside baselines and the targets; under 20 minutes (ARGS=P1,P2 for some; ARGS=--help)
	@node loadtest/dist/bench/main.js $(ARGS)

bench-storm: build ## Create a room of a thousand connected people while others talk (ARGS="--redis cluster")
	@node services/e2e/dist/bench/storm/main.js $(ARGS)

bench-archive: build ## Archive generated messages: speed and size against zstd -3, memory of the job (ARGS="--messages 50000")
	@node services/e2e/dist/bench/archive/main.js $(ARGS)

bench-tiers: build ## Pages of history from each tier and the archive, sends while months move, beside their limits (ARGS="--pages 300")
	@node services/e2e/dist/bench/tiers/main.js $(ARGS)

test-mutants: build ## Change the source in one place at a time; a test must notice (ARGS="client-reducers"; hours for all)
	@node services/e2e/dist/mutants/main.js $(ARGS)

check: build ## Formatting, lint, import rules, protocol compatibility and generated files
	@bash .ci/check

generate: build ## Refresh generated files
	@bash .ci/generate

format: install ## Format all files
	@biome check --write .

clean-data: install ## Delete the data of `make up`
	@node devstack/dist/cli.js clean-data

build: install
	@tsc -b
	@node services/gateway/dist/documentation/pack-reference.js
	@$(MAKE) -s --no-print-directory bundles

# What starts often, in a few files (ADR 0046), after what is in them was built.
bundles := $(foreach program,services/gateway services/chat-service jobs,$(program)/dist-bundle/main.js)
.PHONY: bundles
bundles: $(bundles)

$(bundles) &: $(wildcard $(foreach one,proto services/libs/* services/* jobs,$(one)/dist/.tsbuildinfo)) rolldown.config.js package-lock.json
	@rolldown --config rolldown.config.js --logLevel warn >/dev/null

bench-comeback: build ## Clients with many unchanged rooms come back at once (ARGS="--clients 300 --against DIR")
	@node services/e2e/dist/bench/comeback/main.js $(ARGS)

bench-layout: build ## What a month's collection costs in each layout of ADR 0018 (ARGS="--rounds 3")
	@node services/e2e/dist/bench/layout/main.js $(ARGS)

web: clients/web/dist-web/index.html

clients/web/dist-web/index.html: $(shell find clients/web/src clients/react/src clients/typescript/src clients/web/index.html clients/web/public -type f 2>/dev/null) | build
	@vite build clients/web --logLevel warn >/dev/null

pack: build ## Make the tarballs of the SDK and its hooks in dist/pack, to install in a project of yours (npm install DIR/dist/pack/NAME.tgz)
	@node k8s/dist/packages/main.js $(ARGS)

loadtest: build ## Run a k6 load test against the running stack (SCENARIO=fan-out SOCKETS=200; node loadtest/dist/run.js --help lists all)
	@url=$$(node devstack/dist/cli.js url) && GATEWAY_URL="$$url" node loadtest/dist/run.js $(or $(SCENARIO),smoke)

loadtest-scripts: build ## Write the load tests' scripts as a ConfigMap for k6-operator, dist/loadtest/scripts.json
	@node k8s/dist/loadtest/main.js

install: node_modules/.installed
	@node devstack/preflight.cjs

node_modules/.installed: package-lock.json
	@command -v npm >/dev/null 2>&1 || { echo 'Parlance needs Node.js with npm (any version from 18 on brings the right one along): https://nodejs.org/'; exit 1; }
	@echo 'Installing npm packages (about 20 s the first time) ...'
	@npm ci --no-audit --no-fund --loglevel=error
	@touch $@
