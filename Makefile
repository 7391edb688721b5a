# One line a command; `make` lists them.
.DEFAULT_GOAL := help
export GOWORK := off
.PHONY: $(shell awk -F: '/^[a-z-]+:.* \#\# / {print $$1}' $(MAKEFILE_LIST))

help: ## list the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

adopt: ## make this clone yours: your names, and the sample taken away  MODULE=github.com/acme/clinic [PROJECT=clinic] [KEEP=a,b] [DRY_RUN=1]
	@go run ./scripts/adopt -module "$(MODULE)" $(if $(PROJECT),-project "$(PROJECT)") $(if $(KEEP),-keep "$(KEEP)") $(if $(DRY_RUN),-dry-run)

demo: ## the stories of services/stories/demo, played and drawn  [ENDPOINT=http://…] [JSON=1]
	@go run ./scripts/local demo $(if $(ENDPOINT),-endpoint "$(ENDPOINT)") $(if $(JSON),-json)

up: ## the same, left running: console 8090, AWS endpoint 4566, HTTP API 8080  [DATA=folder] [CONSOLE=addr] [CLOUD=addr] [API=addr]
	@go run ./scripts/local up $(if $(DATA),-data "$(DATA)") $(if $(CONSOLE),-console "$(CONSOLE)") $(if $(CLOUD),-cloud "$(CLOUD)") $(if $(API),-api "$(API)")

cloud: ## the local cloud alone  [ADDR=127.0.0.1:4566] [DATA=folder]
	@go run ./scripts/local cloud $(if $(DATA),-data "$(DATA)") $(if $(ADDR),-addr "$(ADDR)")

console: ## what happens on AWS, on a page  ENV=dev [SINCE=1h] [WRITE=1] [ADDR=127.0.0.1:8091]
	@go run ./scripts/console $(if $(ENV),-env "$(ENV)") $(if $(SINCE),-since "$(SINCE)") $(if $(WRITE),-write) $(if $(ADDR),-addr "$(ADDR)")

publish: ## a test event  EVENT=<type> [DATA=file.json] [COUNT=n] [RATE=a-second] [FOLLOW=1] [ENV=local]
	@go run ./scripts/publish $(if $(DATA),-data "$(DATA)") $(if $(COUNT),-count $(COUNT)) $(if $(RATE),-rate $(RATE)) $(if $(FOLLOW),-follow) $(if $(ENV),-env $(ENV)) $(EVENT)

redrive: ## dead letters by reason, and back to their service  SERVICE=<name> [DRY_RUN=1] [REASON=…] [RATE=a-second] [ENV=local]
	@go run ./scripts/redrive -service "$(SERVICE)" $(if $(DRY_RUN),-dry-run) $(if $(REASON),-reason "$(REASON)") $(if $(RATE),-rate "$(RATE)") $(if $(ENV),-env "$(ENV)") $(if $(JSON),-json)

replay: ## events of the archive once more  FROM=-2h TO=now [SERVICE=<name>] [DRY_RUN=1] [YES=1] [WATCH=5m] [ENV=local]
	@go run ./scripts/replay -from "$(FROM)" -to "$(TO)" $(if $(SERVICE),-service "$(SERVICE)") $(if $(DRY_RUN),-dry-run) $(if $(YES),-yes) $(if $(WATCH),-watch "$(WATCH)") $(if $(ENV),-env "$(ENV)") $(if $(JSON),-json)

surge: ## 20 times as many events as the worker with a rate takes: with and without a queue  [SERVICE=…] [RATE=10000] [SECONDS=5] [CAPACITY=500] [FAST=1] [JSON=1] [PICTURE=file]
	@go -C scripts/lab run ./surge $(if $(SERVICE),-service "$(SERVICE)") $(if $(RATE),-rate $(RATE)) $(if $(SECONDS),-seconds $(SECONDS)) $(if $(CAPACITY),-capacity $(CAPACITY)) $(if $(FAST),-fast) $(if $(JSON),-json) $(if $(PICTURE),-picture "$(PICTURE)")

fault: ## injects a fault into the local cloud, or lists them  SERVICE=<name> KIND=throttle [RATE=0.1] [LATENCY=200ms] [COUNT=n] [OFF=1]
	@go run ./scripts/fault $(if $(SERVICE),-service "$(SERVICE)") $(if $(KIND),-kind "$(KIND)") $(if $(RATE),-rate $(RATE)) $(if $(LATENCY),-latency $(LATENCY)) $(if $(COUNT),-count $(COUNT)) $(if $(OFF),-off)

build: ## what AWS runs, into bin: zips and images for arm64  [SERVICE=<name>]
	@go run ./scripts/deploy build $(if $(SERVICE),-service "$(SERVICE)")

plan: ## what a deploy would change  [ENV=dev] [SERVICE=<name>] [NO_LOCK=1]
	@go run ./scripts/deploy plan $(if $(NO_LOCK),-no-lock) $(if $(ENV),-env "$(ENV)") $(if $(SERVICE),-service "$(SERVICE)")

deploy: ## to AWS: build, plan, ask, apply, play a story  [ENV=dev] [SERVICE=<name>] [STORY=<name>] [YES=1] [NO_SMOKE=1]
	@go run ./scripts/deploy deploy $(if $(ENV),-env "$(ENV)") $(if $(SERVICE),-service "$(SERVICE)") $(if $(YES),-yes) $(if $(NO_SMOKE),-no-smoke) $(if $(STORY),-story "$(STORY)")

destroy: ## an environment and all that it keeps  [ENV=dev] [FORCE=1] [YES=1]
	@go run ./scripts/deploy destroy $(if $(ENV),-env "$(ENV)") $(if $(FORCE),-force) $(if $(YES),-yes)

migrate-state: ## an environment's state, from the file here to where terraform/backend.tf says  [ENV=dev]
	@go run ./scripts/deploy migrate-state $(if $(ENV),-env "$(ENV)")

sim: ## nothing is lost: all services in virtual time, under faults that a seed chooses  [SEED=n] [SEEDS=n] [CUSTOMERS=n] [FAULTS=3,17] [FOR=3m]
	@go -C scripts/lab run ./sim $(if $(SEED),-seed $(SEED)) $(if $(SEEDS),-seeds $(SEEDS)) $(if $(CUSTOMERS),-customers $(CUSTOMERS)) $(if $(FAULTS),-faults "$(FAULTS)") $(if $(FOR),-for $(FOR))

sim-nightly: ## the same for as long as you like, with seeds that were never run  [FOR=1h]
	@go -C scripts/lab run ./sim -seed $$(date +%s)0000 -for $(or $(FOR),1h)

test: ## your services and stories, the contract, the kit and the commands, under the race detector
	go test -race ./...

test-cloud: ## the local cloud
	go -C scripts/cloud test -race ./...

test-lab: ## what proves Troupe: commands and machinery on a system of their own
	go -C scripts/lab test ./...

pictures: ## README's pictures of the console, taken anew: needs Chromium
	@go -C scripts/lab test -count=1 -tags browser -run '^TestPictures$$' ./browser -readme

test-stories: ## the stories alone, or at another emulator  [ENDPOINT=http://…]
	TROUPE_ENDPOINT="$(ENDPOINT)" go test -count=1 ./scripts/stories

test-adopted: ## make adopt, and then everything, in a copy; and another system in the place of the sample: half an hour
	@go -C scripts/lab test -count=1 -timeout 60m -tags adopted -run TestAdopted -v ./adopt

test-mutations: ## the simulation's checks can fail: faults put into the kit are caught
	@go -C scripts/lab test -count=1 -timeout 30m -tags mutations ./mutations

test-terraform: ## the Terraform code and deploy, with no AWS account
	@go run ./scripts/terraform

test-faults: ## real processes under load: killed, slow, throttled; nothing is lost. Needs Linux and PostgreSQL
	@go -C scripts/lab test -count=1 -timeout 30m -tags chaos ./chaos

test-console: ## the console in a real browser: needs Chromium, and npm for axe-core
	@go -C scripts/lab test -count=1 -tags browser ./browser

test-restart: ## the local cloud killed with SIGKILL under load, and started again on its data folder: minutes
	@go -C scripts/lab test -count=1 -timeout 15m -tags restart ./restart

test-clients: ## the local cloud against the AWS CLI, boto3 and the JavaScript SDK, which it installs: needs Debian, and npm
	@go -C scripts/cloud test -count=1 -tags clients ./tour

fuzz: ## every fuzz target in turn  [TIME=30s] [RUN=FuzzMatch]
	@go -C scripts/lab run ./fuzz $(if $(TIME),-time $(TIME)) $(if $(RUN),-run "$(RUN)")

bench: ## how fast the local cloud and a flow through all services are, into scripts/lab/bench/REPORT.md  [QUICK=1] [ONLY=sqs,flow] [STORY=demo/…]
	@go -C scripts/lab run ./bench $(if $(QUICK),-quick) $(if $(ONLY),-only "$(ONLY)") $(if $(STORY),-story "$(STORY)")

check: ## formatting, vet, staticcheck, generated files, declarations, import walls, names, dependencies  [NAMES=1]
	@go run ./scripts/check $(if $(NAMES),-names)

generate: ## Go types from the events' schemas
	go generate ./events

rename: ## make the module, and the product, yours  MODULE=github.com/acme/theatre [PROJECT=theatre]
	@go run ./scripts/rename $(if $(MODULE),-module "$(MODULE)") $(if $(PROJECT),-project "$(PROJECT)")

upgrade: ## take a later version of Troupe in  FROM=<URL or folder of its repository> [REF=v1.1.0] [DRY_RUN=1] [BASE=commit]
	@go run ./scripts/upgrade $(if $(FROM),-from "$(FROM)") $(if $(REF),-ref "$(REF)") $(if $(BASE),-base "$(BASE)") $(if $(DRY_RUN),-dry-run)

new: ## a service or an event, to begin with  SERVICE=billing [RUNTIME=worker] [STORE=sql] [SUBSCRIBES=a.v1,b.v1] [PUBLISHES=c.v1] [HTTP="POST /x"], or EVENT=a.v1 [PRODUCER=booking] [CHANNEL=sns]
	@go run ./scripts/new $(if $(SERVICE),-service "$(SERVICE)") $(if $(RUNTIME),-runtime "$(RUNTIME)") $(if $(STORE),-store "$(STORE)") $(if $(SUBSCRIBES),-subscribes "$(SUBSCRIBES)") $(if $(PUBLISHES),-publishes "$(PUBLISHES)") $(if $(HTTP),-http "$(HTTP)") $(if $(EVENT),-event "$(EVENT)") $(if $(PRODUCER),-producer "$(PRODUCER)") $(if $(CHANNEL),-channel "$(CHANNEL)")

remove: ## a service or an event: says first who needs it, and what stays on AWS  SERVICE=billing or EVENT=a.v1 [YES=1]
	@go run ./scripts/remove $(if $(SERVICE),-service "$(SERVICE)") $(if $(EVENT),-event "$(EVENT)") $(if $(YES),-yes)
