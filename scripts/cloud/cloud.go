// Package cloud implements the parts of AWS that Troupe needs, on one loopback port. Its services are plain state
// machines behind AWS's own wire protocols, and they run the same binaries that are deployed.
//
// Clients that others have written verify it, so it shares no code with the services that it runs. State is in memory
// and ends with the process, unless a folder to save it in is given: see package journal.
package cloud

import (
	"context"
	"maps"
	"net/http"

	"example.com/localcloud/apigateway"
	"example.com/localcloud/bill"
	"example.com/localcloud/delivery"
	"example.com/localcloud/dynamodb"
	"example.com/localcloud/eventbridge"
	"example.com/localcloud/faults"
	"example.com/localcloud/iam"
	"example.com/localcloud/journal"
	"example.com/localcloud/lambda"
	"example.com/localcloud/lambda/process"
	"example.com/localcloud/logs"
	"example.com/localcloud/scheduler"
	"example.com/localcloud/sns"
	"example.com/localcloud/sqs"
	"example.com/localcloud/tap"
	"example.com/localcloud/wire"
)

// Cloud is one account in one region. It is an http.Handler. Create it with New, and Close it.
type Cloud struct {
	Tap         *tap.Tap
	Bill        *bill.Meter
	APIGateway  *apigateway.Service
	DynamoDB    *dynamodb.Service
	EventBridge *eventbridge.Service
	Faults      *faults.Service
	IAM         *iam.Service
	Lambda      *lambda.Service
	Logs        *logs.Service
	Scheduler   *scheduler.Service
	SNS         *sns.Service
	SQS         *sqs.Service

	journal  *journal.Journal        // nil: nothing survives the process
	tables   map[string]wire.Table   // by the service name in signatures
	services map[string]http.Handler // for the tables
	retries  retries
}

// New returns an empty account. Its functions reach it at endpoint. The functions in between wrap the router of
// deliveries, so they see every delivery of a rule, topic or schedule before its target does, but for those of
// schedules to a bus.
func New(endpoint string, between ...func(delivery.Target) delivery.Target) *Cloud {
	c := &Cloud{Tap: &tap.Tap{}, Bill: &bill.Meter{}, tables: map[string]wire.Table{}}
	c.Faults = faults.New(c.tables)
	router := delivery.Router{}
	var targets delivery.Target = router
	for _, wrap := range between {
		targets = wrap(targets)
	}
	c.DynamoDB = dynamodb.New()
	c.DynamoDB.Bill = c.Bill
	c.IAM = iam.New(c.Tap)
	c.Logs = logs.New()
	c.SQS = sqs.New(c.Tap)
	c.SQS.Duplicates, c.SQS.Bill = c.Faults.Duplicates, c.Bill
	c.SNS = sns.New(c.Tap, targets, nil)
	c.EventBridge = eventbridge.New(targets, c.Tap)
	c.Lambda = lambda.New(lambda.Options{
		Endpoint: endpoint, Runner: process.Runner{}, IAM: c.IAM, SQS: c.SQS, Logs: c.Logs, Tap: c.Tap,
		Crashes: c.Faults.Crashes,
	})
	c.Lambda.Send = map[string]func(context.Context, string, lambda.Notice) error{"sns": c.publishNotice, "events": c.putNotice}
	c.APIGateway = apigateway.New(c.Lambda.InvokeForAPI)
	c.Scheduler = scheduler.New(scheduler.Options{IAM: c.IAM, Targets: targets, PutEvents: c.EventBridge.PutEvents, Tap: c.Tap})

	router["events"] = c.EventBridge
	router["lambda"] = c.Lambda
	router["logs"] = c.Logs
	router["sns"] = c.SNS
	router["sqs"] = c.SQS

	maps.Copy(c.tables, map[string]wire.Table{
		"apigateway": c.APIGateway.Wire(),
		"dynamodb":   c.DynamoDB.Wire(),
		"events":     c.EventBridge.Wire(),
		"iam":        c.IAM.Wire(),
		"lambda":     c.Lambda.Wire(),
		"logs":       c.Logs.Wire(),
		"scheduler":  c.Scheduler.Wire(),
		"sns":        c.SNS.Wire(),
		"sqs":        c.SQS.Wire(),
		"sts":        c.IAM.WireSTS(),
	})
	c.services = make(map[string]http.Handler, len(c.tables))
	for name, table := range c.tables {
		c.services[name] = table.Handler()
	}
	return c
}

// Operations returns the names of the operations, by the service name in signatures.
func (c *Cloud) Operations() map[string][]string {
	names := make(map[string][]string, len(c.tables))
	for service, table := range c.tables {
		names[service] = table.Names()
	}
	return names
}

// Close stops the services: first schedules and functions, which use the others.
func (c *Cloud) Close() error {
	c.Scheduler.Close()
	err := c.Lambda.Close()
	c.EventBridge.Close()
	c.SNS.Close()
	c.SQS.Close()
	return err
}
