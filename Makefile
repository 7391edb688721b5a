# One line a command; `make` lists them.
.DEFAULT_GOAL := help
.PHONY: help demo up cloud console publish build plan deploy destroy test test-console test-clients test-stories test-terraform fuzz check generate rename

help: ## list the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: ## three orders through six services, seen from end to end  [ENDPOINT=http://…] [JSON=1]
	@go run ./scripts/local demo $(if $(ENDPOINT),-endpoint "$(ENDPOINT)") $(if $(JSON),-json)

up: ## the same, left running: console 8090, AWS endpoint 4566, HTTP API 8080  [CONSOLE=addr] [CLOUD=addr] [API=addr]
	@go run ./scripts/local up $(if $(CONSOLE),-console "$(CONSOLE)") $(if $(CLOUD),-cloud "$(CLOUD)") $(if $(API),-api "$(API)")

cloud: ## the local cloud alone  [ADDR=127.0.0.1:4566]
	@go run ./scripts/local cloud $(if $(ADDR),-addr "$(ADDR)")

console: ## what happens on AWS, on a page  ENV=dev [SINCE=1h] [WRITE=1] [ADDR=127.0.0.1:8091]
	@go run ./scripts/console $(if $(ENV),-env "$(ENV)") $(if $(SINCE),-since "$(SINCE)") $(if $(WRITE),-write) $(if $(ADDR),-addr "$(ADDR)")

publish: ## a test event  EVENT=order.placed.v1 [DATA=file.json] [COUNT=n] [RATE=a-second] [FOLLOW=1] [ENV=local]
	@go run ./scripts/publish $(if $(DATA),-data "$(DATA)") $(if $(COUNT),-count $(COUNT)) $(if $(RATE),-rate $(RATE)) $(if $(FOLLOW),-follow) $(if $(ENV),-env $(ENV)) $(EVENT)

build: ## what AWS runs, into bin: zips and images for arm64  [SERVICE=payments]
	@go run ./scripts/deploy build $(if $(SERVICE),-service "$(SERVICE)")

plan: ## what a deploy would change  [ENV=dev] [SERVICE=payments]
	@go run ./scripts/deploy plan $(if $(ENV),-env "$(ENV)") $(if $(SERVICE),-service "$(SERVICE)")

deploy: ## to AWS: build, plan, ask, apply, send an order through  [ENV=dev] [SERVICE=payments] [YES=1] [NO_SMOKE=1]
	@go run ./scripts/deploy deploy $(if $(ENV),-env "$(ENV)") $(if $(SERVICE),-service "$(SERVICE)") $(if $(YES),-yes) $(if $(NO_SMOKE),-no-smoke)

destroy: ## an environment and all that it keeps  [ENV=dev] [FORCE=1] [YES=1]
	@go run ./scripts/deploy destroy $(if $(ENV),-env "$(ENV)") $(if $(FORCE),-force) $(if $(YES),-yes)

test: ## unit tables, driver conformance and stories with the real binaries, under the race detector
	go test -race ./...

test-stories: ## the stories alone, or at another emulator  [ENDPOINT=http://…]
	TROUPE_ENDPOINT="$(ENDPOINT)" go test -count=1 ./scripts/stories

test-terraform: ## the Terraform code and deploy, with no AWS account
	@go run ./scripts/terraform

test-console: ## the console in a real browser: needs Chromium, and npm for axe-core
	@go test -count=1 -tags browser ./scripts/local/console/browsertest

test-clients: ## the local cloud against the AWS CLI, boto3 and the JavaScript SDK, which it installs: needs Debian, and npm
	@go test -count=1 -tags clients ./scripts/local/cloud/tour

fuzz: ## every fuzz target in turn  [TIME=30s] [RUN=FuzzMatch]
	@go run ./scripts/fuzz $(if $(TIME),-time $(TIME)) $(if $(RUN),-run "$(RUN)")

check: ## formatting, vet, staticcheck, generated files, import walls, dependencies
	@go run ./scripts/check

generate: ## Go types from the events' schemas
	go generate ./events

rename: ## make the module yours  MODULE=github.com/acme/shop
	@go run ./scripts/rename $(MODULE)
