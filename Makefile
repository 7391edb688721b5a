# One line per command: its name, what it does and, after two spaces, its options. `make` lists the commands by group.
.DEFAULT_GOAL := help
export GOWORK := off
# Commands, tests and services are compiled alike, so that their packages are compiled once, even in a copy of this folder.
export GOFLAGS := -trimpath $(filter-out -trimpath,$(shell go env GOFLAGS 2>/dev/null))
.PHONY: $(shell awk -F: '/^[a-z-]+:/ {print $$1}' $(MAKEFILE_LIST))

# The first time, Go downloads and compiles before a command can say anything: this says so, and that it goes on.
first = [ -d .troupe ] || { mkdir -p .troupe; \
	echo "The first time, Go downloads and compiles for several minutes; later this takes seconds." >&2; \
	go build -v -o /dev/null ./scripts/local 2>&1 | { n=0; while read -r package; do n=$$((n + 1)); \
		[ $$((n % 50)) -ne 0 ] || echo "  $$n packages: $$package" >&2; done; }; }

help: ## list the commands  [CMD=name]
	@awk -v cmd="$(CMD)" ' \
		{ name = $$0; sub(/:.*/, "", name) } \
		/^## / && !cmd { print "\n" substr($$0, 4) } \
		!/^[a-z-]+:.*## / { next } \
		{ text = $$0; sub(/.*## /, "", text); options = text; sub(/  .*/, "", text) } \
		!cmd { printf "  %-15s %s\n", name, text } \
		cmd == name { found = 1; if (!sub(/.*  /, "", options)) options = ""; \
			print "make " name " " options "\n  " text; \
			while ((getline line) > 0 && line ~ /^\t/) \
				if (match(line, /go (-C [^ ]* )?run [^ $$]*( [a-z][a-z-]*)?/)) \
					print "  flags and examples: " substr(line, RSTART, RLENGTH) " -h" } \
		END { if (!cmd) print "\nmake help CMD=<command> shows the options of a command."; \
			else if (!found) { print "there is no command " cmd "; make lists them"; exit 1 } }' $(MAKEFILE_LIST)

## Start

demo: ## play the stories in services/stories/demo, show what happened  [ENDPOINT=http://…] [JSON=1]
	@$(first)
	@go run ./scripts/local demo $(if $(ENDPOINT),-endpoint "$(ENDPOINT)") $(if $(JSON),-json)

up: ## run everything locally until Ctrl-C  [CONSOLE=127.0.0.1:8090] [CLOUD=127.0.0.1:4566] [API=127.0.0.1:8080] [DATA=folder] [LOGS=info or service,…] [QUIET=1] [WITHOUT=service,…] [PERSONAL=1]
	@$(first)
	@go run ./scripts/local up $(if $(DATA),-data "$(DATA)") $(if $(CONSOLE),-console "$(CONSOLE)") $(if $(CLOUD),-cloud "$(CLOUD)") $(if $(API),-api "$(API)") $(if $(LOGS),-logs "$(LOGS)") $(if $(QUIET),-quiet) $(if $(WITHOUT),-without "$(WITHOUT)") $(if $(PERSONAL),-personal)

run: ## run one service by hand, beside make up WITHOUT=<name>  SERVICE=<name> [DEBUG=127.0.0.1:2345]
	@go run ./scripts/local run -service "$(SERVICE)" $(if $(DEBUG),-debug "$(DEBUG)")

cloud: ## run only the local cloud  [ADDR=127.0.0.1:4566] [DATA=folder]
	@$(first)
	@go run ./scripts/local cloud $(if $(DATA),-data "$(DATA)") $(if $(ADDR),-addr "$(ADDR)")

adopt: ## make this clone yours: rename it, remove the sample  MODULE=github.com/acme/clinic [PROJECT=clinic] [KEEP=a,b] [DRY_RUN=1]
	@go run ./scripts/adopt -module "$(MODULE)" $(if $(PROJECT),-project "$(PROJECT)") $(if $(KEEP),-keep "$(KEEP)") $(if $(DRY_RUN),-dry-run)

## Change

new: ## add a service or an event  SERVICE=billing [RUNTIME=worker] [STORE=sql] [SUBSCRIBES=a.v1,b.v1] [PUBLISHES=c.v1] [HTTP="POST /x"], or EVENT=a.v1 [PRODUCER=booking] [CHANNEL=sns] [OUTCOME=success] [SOURCE=aws.s3 DETAIL_TYPE="Object Created"]
	@go run ./scripts/new $(if $(SERVICE),-service "$(SERVICE)") $(if $(RUNTIME),-runtime "$(RUNTIME)") $(if $(STORE),-store "$(STORE)") $(if $(SUBSCRIBES),-subscribes "$(SUBSCRIBES)") $(if $(PUBLISHES),-publishes "$(PUBLISHES)") $(if $(HTTP),-http "$(HTTP)") $(if $(EVENT),-event "$(EVENT)") $(if $(PRODUCER),-producer "$(PRODUCER)") $(if $(CHANNEL),-channel "$(CHANNEL)") $(if $(OUTCOME),-outcome "$(OUTCOME)") $(if $(SOURCE),-source "$(SOURCE)") $(if $(DETAIL_TYPE),-detail-type "$(DETAIL_TYPE)") $(if $(BUS),-bus "$(BUS)")

remove: ## remove a service or an event, after listing who needs it  SERVICE=billing or EVENT=a.v1 [YES=1]
	@go run ./scripts/remove $(if $(SERVICE),-service "$(SERVICE)") $(if $(EVENT),-event "$(EVENT)") $(if $(YES),-yes)

contracts: ## say whom changes of schemas break  [BASE=origin/main], or who subscribes  EVENT=<type> [ENV=dev]
	@go run ./scripts/contracts $(if $(BASE),-base "$(BASE)") $(if $(EVENT),-event "$(EVENT)") $(if $(ENV),-env "$(ENV)")

generate: ## generate the Go types of the events' schemas
	go generate ./events

docs: ## write pages and an AsyncAPI document of services and events  [SERVICE=<name>]
	@go run ./scripts/docs $(if $(SERVICE),-service "$(SERVICE)")

rename: ## rename the module and the product  MODULE=github.com/acme/theatre [PROJECT=theatre]
	@go run ./scripts/rename $(if $(MODULE),-module "$(MODULE)") $(if $(PROJECT),-project "$(PROJECT)")

upgrade: ## merge a later version of Troupe  FROM=<git URL or folder> [REF=v1.1.0] [DRY_RUN=1] [BASE=commit]
	@go run ./scripts/upgrade $(if $(FROM),-from "$(FROM)") $(if $(REF),-ref "$(REF)") $(if $(BASE),-base "$(BASE)") $(if $(DRY_RUN),-dry-run)

## Look

publish: ## publish test events  EVENT=<type> [DATA=file.json] [COUNT=n] [RATE=per-second] [FOLLOW=1] [ENV=local] [ENDPOINT=http://…]
	@go run ./scripts/publish $(if $(DATA),-data "$(DATA)") $(if $(COUNT),-count $(COUNT)) $(if $(RATE),-rate $(RATE)) $(if $(FOLLOW),-follow) $(if $(ENV),-env "$(ENV)") $(if $(ENDPOINT),-endpoint "$(ENDPOINT)") $(EVENT)

console: ## open the console for an environment on AWS  [ENV=dev] [SINCE=1h] [WRITE=1] [ADDR=127.0.0.1:8091]
	@go run ./scripts/console $(if $(ENV),-env "$(ENV)") $(if $(SINCE),-since "$(SINCE)") $(if $(WRITE),-write) $(if $(ADDR),-addr "$(ADDR)")

cost: ## say what stories cost on AWS, idle or not, and where they break  [RATE=10] [STORY=a:9,b:1] [REGION=…] [ENV=local] [JSON=1] [PICTURE=file]
	@$(first)
	@go run ./scripts/cost $(if $(RATE),-rate $(RATE)) $(if $(STORY),-story "$(STORY)") $(if $(REGION),-region "$(REGION)") $(if $(ENV),-env "$(ENV)") $(if $(JSON),-json) $(if $(PICTURE),-picture "$(PICTURE)")

## Break and mend

fault: ## inject a fault locally, list faults, or remove them  SERVICE=<name> KIND=throttle [RATE=10%] [LATENCY=200ms] [COUNT=n] [AWS=sqs] [OPERATION=SendMessage] [OFF=1] [ENDPOINT=http://…]
	@go run ./scripts/fault $(if $(SERVICE),-service "$(SERVICE)") $(if $(KIND),-kind "$(KIND)") $(if $(RATE),-rate $(RATE)) $(if $(LATENCY),-latency $(LATENCY)) $(if $(COUNT),-count $(COUNT)) $(if $(AWS),-aws "$(AWS)") $(if $(OPERATION),-operation "$(OPERATION)") $(if $(OFF),-off) $(if $(ENDPOINT),-endpoint "$(ENDPOINT)")

surge: ## flood a service with events, with and without a queue  [SERVICE=…] [RATE=10000] [SECONDS=5] [CAPACITY=500] [FAST=1] [JSON=1] [PICTURE=file]
	@go -C scripts/lab run ./surge $(if $(SERVICE),-service "$(SERVICE)") $(if $(RATE),-rate $(RATE)) $(if $(SECONDS),-seconds $(SECONDS)) $(if $(CAPACITY),-capacity $(CAPACITY)) $(if $(FAST),-fast) $(if $(JSON),-json) $(if $(PICTURE),-picture "$(PICTURE)")

scale: ## carry a story at a large rate through a model of AWS  [RATE=10000] [SECONDS=60] [STORY=demo/…] [REGION=us-east-1] [PAGE=file]
	@go -C scripts/lab run ./scale $(if $(RATE),-rate $(RATE)) $(if $(SECONDS),-seconds $(SECONDS)) $(if $(STORY),-story "$(STORY)") $(if $(REGION),-region "$(REGION)") $(if $(PAGE),-o "$(PAGE)")

redrive: ## list dead letters by reason, send them back to their service  SERVICE=<name> [DRY_RUN=1] [REASON=…] [RATE=per-second] [JSON=1] [ENV=local] [ENDPOINT=http://…]
	@go run ./scripts/redrive -service "$(SERVICE)" $(if $(DRY_RUN),-dry-run) $(if $(REASON),-reason "$(REASON)") $(if $(RATE),-rate "$(RATE)") $(if $(ENV),-env "$(ENV)") $(if $(ENDPOINT),-endpoint "$(ENDPOINT)") $(if $(JSON),-json)

replay: ## send events from the archive to services again  FROM=-2h TO=now [SERVICE=<name>] [DRY_RUN=1] [YES=1] [WATCH=5m] [JSON=1] [ENV=local] [ENDPOINT=http://…]
	@go run ./scripts/replay -from "$(FROM)" -to "$(TO)" $(if $(SERVICE),-service "$(SERVICE)") $(if $(DRY_RUN),-dry-run) $(if $(YES),-yes) $(if $(WATCH),-watch "$(WATCH)") $(if $(ENV),-env "$(ENV)") $(if $(ENDPOINT),-endpoint "$(ENDPOINT)") $(if $(JSON),-json)

rebuild: ## drop what a read model keeps, make it anew from the archive  SERVICE=<name> [FROM=-720h] [DRY_RUN=1] [YES=1] [WATCH=15m] [ENV=local] [ENDPOINT=http://…]
	@go run ./scripts/rebuild -service "$(SERVICE)" $(if $(FROM),-from "$(FROM)") $(if $(DRY_RUN),-dry-run) $(if $(YES),-yes) $(if $(WATCH),-watch "$(WATCH)") $(if $(ENV),-env "$(ENV)") $(if $(ENDPOINT),-endpoint "$(ENDPOINT)")

erase: ## say where a person's data is, and remove what can be  SUBJECT=<ID or value> [YES=1] [JSON=1] [DATA=folder] [ENV=local] [ENDPOINT=http://…]
	@go run ./scripts/erase -subject "$(SUBJECT)" $(if $(YES),-yes) $(if $(JSON),-json) $(if $(DATA),-data "$(DATA)") $(if $(ENV),-env "$(ENV)") $(if $(ENDPOINT),-endpoint "$(ENDPOINT)")

## Ship

build: ## build zips and images for AWS (arm64) into bin/  [SERVICE=<name>]
	@go run ./scripts/deploy build $(if $(SERVICE),-service "$(SERVICE)")

plan: ## show what a deployment would change  [ENV=dev] [SERVICE=<name>] [NO_LOCK=1]
	@go run ./scripts/deploy plan $(if $(NO_LOCK),-no-lock) $(if $(ENV),-env "$(ENV)") $(if $(SERVICE),-service "$(SERVICE)")

deploy: ## build, plan, ask, apply, then play a story on AWS  [ENV=dev] [SERVICE=<name>] [STORY=<name>] [YES=1] [NO_SMOKE=1]
	@go run ./scripts/deploy deploy $(if $(ENV),-env "$(ENV)") $(if $(SERVICE),-service "$(SERVICE)") $(if $(YES),-yes) $(if $(NO_SMOKE),-no-smoke) $(if $(STORY),-story "$(STORY)")

destroy: ## destroy an environment and all its data  [ENV=dev] [FORCE=1] [YES=1]
	@go run ./scripts/deploy destroy $(if $(ENV),-env "$(ENV)") $(if $(FORCE),-force) $(if $(YES),-yes)

migrate-state: ## move the local state to the backend in terraform/backend.tf  [ENV=dev]
	@go run ./scripts/deploy migrate-state $(if $(ENV),-env "$(ENV)")

## Prove

test: ## test services, stories, contract, kit and commands  [FAST=1, without the race detector]
	go test $(if $(FAST),,-race) ./...

test-stories: ## play only the stories, locally or at another endpoint  [ENDPOINT=http://…]
	TROUPE_ENDPOINT="$(ENDPOINT)" go test -count=1 -run TestStories ./scripts/internal/stories

check: ## check format, vet, generated files, declarations, imports  [NAMES=1]
	@go run ./scripts/check $(if $(NAMES),-names) $(if $(BASE),-base "$(BASE)")

sim: ## run all services in virtual time under random faults  [SEED=n] [SEEDS=n] [CUSTOMERS=n] [FAULTS=3,17] [FOR=3m]
	@go -C scripts/lab run ./sim $(if $(SEED),-seed $(SEED)) $(if $(SEEDS),-seeds $(SEEDS)) $(if $(CUSTOMERS),-customers $(CUSTOMERS)) $(if $(FAULTS),-faults "$(FAULTS)") $(if $(FOR),-for $(FOR))

sim-nightly: ## the same with new seeds for a given time  [FOR=1h]
	@go -C scripts/lab run ./sim -seed $$(date +%s)0000 -for $(or $(FOR),1h)

test-terraform: ## test the Terraform code and deploy, without an AWS account
	@go run ./scripts/terraform

test-cloud: ## test the local cloud
	go -C scripts/cloud test -race ./...

test-lab: ## test the commands and the machinery on a fixture system
	go -C scripts/lab test ./...

test-console: ## test console and AsyncAPI document; needs Chromium and npm
	@go -C scripts/lab test -count=1 -tags browser ./browser

test-faults: ## kill real processes under load; needs Linux and PostgreSQL
	@go -C scripts/lab test -count=1 -timeout 30m -tags chaos ./chaos

test-restart: ## kill the local cloud under load and restart it
	@go -C scripts/lab test -count=1 -timeout 15m -tags restart ./restart

test-clients: ## test the local cloud with the AWS CLI, boto3 and JavaScript
	@go -C scripts/cloud test -count=1 -tags clients ./tour

test-mutations: ## check that the simulation finds bugs planted in the kit
	@go -C scripts/lab test -count=1 -timeout 30m -tags mutations ./mutations

test-adopted: ## adopt a copy and run its commands (a quarter of an hour)
	@go -C scripts/lab test -count=1 -timeout 60m -tags adopted -run TestAdopted -v ./adopt

fuzz: ## run every fuzz target in turn  [TIME=30s] [RUN=FuzzMatch]
	@go -C scripts/lab run ./fuzz $(if $(TIME),-time $(TIME)) $(if $(RUN),-run "$(RUN)")

bench: ## measure the local cloud and a flow  [QUICK=1] [ONLY=sqs,flow] [STORY=demo/…]
	@go -C scripts/lab run ./bench $(if $(QUICK),-quick) $(if $(ONLY),-only "$(ONLY)") $(if $(STORY),-story "$(STORY)")

pictures: ## take README's pictures again; needs Chromium
	@go -C scripts/lab test -count=1 -tags browser -run '^TestPictures$$' ./browser -readme
