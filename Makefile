# One line per command; `make` lists them.
.DEFAULT_GOAL := help
export GOWORK := off
.PHONY: $(shell awk -F: '/^[a-z-]+:.* \#\# / {print $$1}' $(MAKEFILE_LIST))

help: ## list the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

adopt: ## make this clone yours: rename it, and remove the sample  MODULE=github.com/acme/clinic [PROJECT=clinic] [KEEP=a,b] [DRY_RUN=1]
	@go run ./scripts/adopt -module "$(MODULE)" $(if $(PROJECT),-project "$(PROJECT)") $(if $(KEEP),-keep "$(KEEP)") $(if $(DRY_RUN),-dry-run)

demo: ## play the stories of services/stories/demo and show what they caused  [ENDPOINT=http://…] [JSON=1]
	@go run ./scripts/local demo $(if $(ENDPOINT),-endpoint "$(ENDPOINT)") $(if $(JSON),-json)

up: ## run everything locally until Ctrl-C: console 8090, AWS endpoint 4566, HTTP API 8080  [DATA=folder] [CONSOLE=addr] [CLOUD=addr] [API=addr]
	@go run ./scripts/local up $(if $(DATA),-data "$(DATA)") $(if $(CONSOLE),-console "$(CONSOLE)") $(if $(CLOUD),-cloud "$(CLOUD)") $(if $(API),-api "$(API)")

cloud: ## run only the local cloud  [ADDR=127.0.0.1:4566] [DATA=folder]
	@go run ./scripts/local cloud $(if $(DATA),-data "$(DATA)") $(if $(ADDR),-addr "$(ADDR)")

console: ## show what happens on AWS, on a page  ENV=dev [SINCE=1h] [WRITE=1] [ADDR=127.0.0.1:8091]
	@go run ./scripts/console $(if $(ENV),-env "$(ENV)") $(if $(SINCE),-since "$(SINCE)") $(if $(WRITE),-write) $(if $(ADDR),-addr "$(ADDR)")

publish: ## publish a test event  EVENT=<type> [DATA=file.json] [COUNT=n] [RATE=a-second] [FOLLOW=1] [ENV=local]
	@go run ./scripts/publish $(if $(DATA),-data "$(DATA)") $(if $(COUNT),-count $(COUNT)) $(if $(RATE),-rate $(RATE)) $(if $(FOLLOW),-follow) $(if $(ENV),-env $(ENV)) $(EVENT)

redrive: ## show dead letters by reason, and move them back to their service  SERVICE=<name> [DRY_RUN=1] [REASON=…] [RATE=a-second] [ENV=local]
	@go run ./scripts/redrive -service "$(SERVICE)" $(if $(DRY_RUN),-dry-run) $(if $(REASON),-reason "$(REASON)") $(if $(RATE),-rate "$(RATE)") $(if $(ENV),-env "$(ENV)") $(if $(JSON),-json)

replay: ## replay events from the archive  FROM=-2h TO=now [SERVICE=<name>] [DRY_RUN=1] [YES=1] [WATCH=5m] [ENV=local]
	@go run ./scripts/replay -from "$(FROM)" -to "$(TO)" $(if $(SERVICE),-service "$(SERVICE)") $(if $(DRY_RUN),-dry-run) $(if $(YES),-yes) $(if $(WATCH),-watch "$(WATCH)") $(if $(ENV),-env "$(ENV)") $(if $(JSON),-json)

surge: ## send 20 times as many events as a worker handles, with and without a queue  [SERVICE=…] [RATE=10000] [SECONDS=5] [CAPACITY=500] [FAST=1] [JSON=1] [PICTURE=file]
	@go -C scripts/lab run ./surge $(if $(SERVICE),-service "$(SERVICE)") $(if $(RATE),-rate $(RATE)) $(if $(SECONDS),-seconds $(SECONDS)) $(if $(CAPACITY),-capacity $(CAPACITY)) $(if $(FAST),-fast) $(if $(JSON),-json) $(if $(PICTURE),-picture "$(PICTURE)")

fault: ## inject a fault into the local cloud, list faults, or remove them  SERVICE=<name> KIND=throttle [RATE=0.1] [LATENCY=200ms] [COUNT=n] [OFF=1]
	@go run ./scripts/fault $(if $(SERVICE),-service "$(SERVICE)") $(if $(KIND),-kind "$(KIND)") $(if $(RATE),-rate $(RATE)) $(if $(LATENCY),-latency $(LATENCY)) $(if $(COUNT),-count $(COUNT)) $(if $(OFF),-off)

build: ## build zips and images for AWS (arm64) into bin  [SERVICE=<name>]
	@go run ./scripts/deploy build $(if $(SERVICE),-service "$(SERVICE)")

plan: ## show what a deployment would change  [ENV=dev] [SERVICE=<name>] [NO_LOCK=1]
	@go run ./scripts/deploy plan $(if $(NO_LOCK),-no-lock) $(if $(ENV),-env "$(ENV)") $(if $(SERVICE),-service "$(SERVICE)")

deploy: ## deploy to AWS: build, plan, ask, apply, play a story  [ENV=dev] [SERVICE=<name>] [STORY=<name>] [YES=1] [NO_SMOKE=1]
	@go run ./scripts/deploy deploy $(if $(ENV),-env "$(ENV)") $(if $(SERVICE),-service "$(SERVICE)") $(if $(YES),-yes) $(if $(NO_SMOKE),-no-smoke) $(if $(STORY),-story "$(STORY)")

destroy: ## destroy an environment with all its data  [ENV=dev] [FORCE=1] [YES=1]
	@go run ./scripts/deploy destroy $(if $(ENV),-env "$(ENV)") $(if $(FORCE),-force) $(if $(YES),-yes)

migrate-state: ## move an environment's state from the local file to the backend in terraform/backend.tf  [ENV=dev]
	@go run ./scripts/deploy migrate-state $(if $(ENV),-env "$(ENV)")

sim: ## check that nothing is lost: all services in virtual time, under faults that a seed chooses  [SEED=n] [SEEDS=n] [CUSTOMERS=n] [FAULTS=3,17] [FOR=3m]
	@go -C scripts/lab run ./sim $(if $(SEED),-seed $(SEED)) $(if $(SEEDS),-seeds $(SEEDS)) $(if $(CUSTOMERS),-customers $(CUSTOMERS)) $(if $(FAULTS),-faults "$(FAULTS)") $(if $(FOR),-for $(FOR))

sim-nightly: ## the same for a given time, with new seeds  [FOR=1h]
	@go -C scripts/lab run ./sim -seed $$(date +%s)0000 -for $(or $(FOR),1h)

test: ## test your services and stories, the contract, the kit and the commands, with the race detector
	go test -race ./...

test-cloud: ## test the local cloud
	go -C scripts/cloud test -race ./...

test-lab: ## test the commands and the machinery on a fixture system
	go -C scripts/lab test ./...

pictures: ## take README's pictures of the console again; needs Chromium
	@go -C scripts/lab test -count=1 -tags browser -run '^TestPictures$$' ./browser -readme

test-stories: ## play only the stories, locally or at another emulator  [ENDPOINT=http://…]
	TROUPE_ENDPOINT="$(ENDPOINT)" go test -count=1 ./scripts/stories

test-adopted: ## adopt a copy and run everything in it, then again with another system; takes half an hour
	@go -C scripts/lab test -count=1 -timeout 60m -tags adopted -run TestAdopted -v ./adopt

test-mutations: ## check that the simulation finds bugs planted in the kit
	@go -C scripts/lab test -count=1 -timeout 30m -tags mutations ./mutations

test-terraform: ## test the Terraform code and deploy, without an AWS account
	@go run ./scripts/terraform

test-faults: ## break real processes under load and check that nothing is lost; needs Linux and PostgreSQL
	@go -C scripts/lab test -count=1 -timeout 30m -tags chaos ./chaos

test-console: ## test the console in a real browser; needs Chromium, and npm for axe-core
	@go -C scripts/lab test -count=1 -tags browser ./browser

test-restart: ## kill the local cloud under load and start it again with its data folder; takes minutes
	@go -C scripts/lab test -count=1 -timeout 15m -tags restart ./restart

test-clients: ## test the local cloud with the AWS CLI, boto3 and the JavaScript SDK, which it installs; needs Debian, and npm
	@go -C scripts/cloud test -count=1 -tags clients ./tour

fuzz: ## run every fuzz target in turn  [TIME=30s] [RUN=FuzzMatch]
	@go -C scripts/lab run ./fuzz $(if $(TIME),-time $(TIME)) $(if $(RUN),-run "$(RUN)")

bench: ## measure the local cloud and a flow through all services, into scripts/lab/bench/REPORT.md  [QUICK=1] [ONLY=sqs,flow] [STORY=demo/…]
	@go -C scripts/lab run ./bench $(if $(QUICK),-quick) $(if $(ONLY),-only "$(ONLY)") $(if $(STORY),-story "$(STORY)")

check: ## check formatting, vet, staticcheck, generated files, declarations, contracts, import walls, names, dependencies  [NAMES=1] [BASE=origin/main]
	@go run ./scripts/check $(if $(NAMES),-names) $(if $(BASE),-base "$(BASE)")

generate: ## generate Go types from the events' schemas
	go generate ./events

contracts: ## say whom the changes of the events' schemas break, and what to do instead  [BASE=origin/main], or who subscribes  EVENT=<type> [ENV=dev]
	@go run ./scripts/contracts $(if $(BASE),-base "$(BASE)") $(if $(EVENT),-event "$(EVENT)") $(if $(ENV),-env "$(ENV)")

rename: ## rename the module and the product  MODULE=github.com/acme/theatre [PROJECT=theatre]
	@go run ./scripts/rename $(if $(MODULE),-module "$(MODULE)") $(if $(PROJECT),-project "$(PROJECT)")

upgrade: ## merge a later version of Troupe  FROM=<URL or folder of its repository> [REF=v1.1.0] [DRY_RUN=1] [BASE=commit]
	@go run ./scripts/upgrade $(if $(FROM),-from "$(FROM)") $(if $(REF),-ref "$(REF)") $(if $(BASE),-base "$(BASE)") $(if $(DRY_RUN),-dry-run)

new: ## create a service or an event  SERVICE=billing [RUNTIME=worker] [STORE=sql] [SUBSCRIBES=a.v1,b.v1] [PUBLISHES=c.v1] [HTTP="POST /x"], or EVENT=a.v1 [PRODUCER=booking] [CHANNEL=sns]
	@go run ./scripts/new $(if $(SERVICE),-service "$(SERVICE)") $(if $(RUNTIME),-runtime "$(RUNTIME)") $(if $(STORE),-store "$(STORE)") $(if $(SUBSCRIBES),-subscribes "$(SUBSCRIBES)") $(if $(PUBLISHES),-publishes "$(PUBLISHES)") $(if $(HTTP),-http "$(HTTP)") $(if $(EVENT),-event "$(EVENT)") $(if $(PRODUCER),-producer "$(PRODUCER)") $(if $(CHANNEL),-channel "$(CHANNEL)")

remove: ## remove a service or an event; lists first what needs it and what stays on AWS  SERVICE=billing or EVENT=a.v1 [YES=1]
	@go run ./scripts/remove $(if $(SERVICE),-service "$(SERVICE)") $(if $(EVENT),-event "$(EVENT)") $(if $(YES),-yes)
