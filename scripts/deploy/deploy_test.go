//go:build terraform

package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/google/go-containerregistry/pkg/authn"
	"github.com/google/go-containerregistry/pkg/name"
	"github.com/google/go-containerregistry/pkg/v1/remote"

	"example.com/troupe/scripts/internal/cli"
	"example.com/troupe/scripts/internal/endpoint"
	"example.com/troupe/scripts/internal/stack"
)

// TestAnEnvironmentFromBeginningToEnd plans, deploys, changes and destroys an environment.
func TestAnEnvironmentFromBeginningToEnd(t *testing.T) {
	r := newCheckout(t)

	output := r.run(0, "", "plan", "-env", "dev")
	r.saw(output, "dev in account 000000000000\n", "bin/harbour.zip", "harbour        +", "(bus)")
	all := r.toAdd(output)
	output = r.run(exitDeclined, "no\n", "deploy", "-env", "dev")
	r.saw(output, "Deploy this to dev? Type yes: ", "nothing was changed")
	if n := r.state("dev"); n != 0 {
		t.Fatalf("nobody said yes, and the state has %d resources", n)
	}

	output = r.run(0, "yes\n", "deploy", "-env", "dev", "-no-smoke")
	r.saw(output, "creating the repositories", "buoy: its image was pushed", "pilot: its image was pushed", fmt.Sprintf("%d/%[1]d  created", all-2), "bus     "+stack.Project+"-dev\n", "API     https://", "logs    /aws/lambda/"+stack.Project+"-dev-harbour\n")
	r.image("buoy")
	r.image("pilot")
	if n := r.state("dev"); n < 50 {
		t.Errorf("the state has %d resources", n)
	}
	r.saw(r.run(0, "", "plan", "-env", "dev"), "Nothing changes.")

	r.code("harbour", "2")
	output = r.run(0, "", "plan", "-env", "dev")
	r.saw(output, "harbour  ~   aws_lambda_function.this[0]  ", "source_code_hash", "\n0 to add, 1 to change, 0 to replace, 0 to destroy\n")
	r.code("buoy", "2")
	if err := os.RemoveAll(filepath.Join(r.root, "bin")); err != nil { // deploying one service needs no artifact of another
		t.Fatal(err)
	}
	output = r.run(0, "", "deploy", "-env", "dev", "-service", "harbour", "-yes", "-no-smoke")
	r.saw(output, "This deploys only harbour", "1/1  changed    harbour  aws_lambda_function.this[0]")
	output = r.run(0, "", "deploy", "-env", "dev", "-yes", "-no-smoke")
	r.saw(output, "buoy  -/+ aws_ecs_task_definition.this[0]  container_definitions", "0 to add, 1 to change, 1 to replace, 0 to destroy", "buoy: its image was pushed", "1/3  created    buoy  aws_ecs_task_definition.this[0]")
	r.image("buoy")
	r.saw(r.run(0, "", "deploy", "-env", "dev", "-yes"), "Nothing changes.")

	r.elsewhere()
	r.destroy(all)
}

// image checks that the registry has a worker's image.
func (r *checkout) image(service string) {
	r.Helper()
	digest, err := os.ReadFile(filepath.Join(r.root, "bin", service+".digest"))
	if err != nil {
		r.Fatal(err)
	}
	reference, err := name.NewDigest(r.registry + "/" + stack.Project + "-dev-" + service + "@" + strings.TrimSpace(string(digest)))
	if err != nil {
		r.Fatal(err)
	}
	if _, err := remote.Image(reference, remote.WithAuth(&authn.Basic{Username: "AWS", Password: "secret"})); err != nil {
		r.Errorf("the registry does not have the image of %s: %v", service, err)
	}
}

// elsewhere checks that a deployment with another account's credentials, or with none, is refused.
func (r *checkout) elsewhere() {
	r.Helper()
	for answer, want := range map[string]string{
		`<GetCallerIdentityResponse><GetCallerIdentityResult><Account>111111111111</Account></GetCallerIdentityResult></GetCallerIdentityResponse>`: "dev is deployed in account 000000000000, and your credentials are for account 111111111111",
		"": "AWS rejected or did not find your credentials: set AWS_PROFILE",
	} {
		sts := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			if answer == "" {
				w.WriteHeader(http.StatusForbidden)
			}
			_, _ = w.Write([]byte(answer))
		}))
		r.Setenv("AWS_ENDPOINT_URL_STS", sts.URL)
		r.saw(r.run(cli.ExitUsage, "", "plan", "-env", "dev"), want)
		sts.Close()
	}
	r.Setenv("AWS_ENDPOINT_URL_STS", os.Getenv("AWS_ENDPOINT_URL"))
}

// destroy checks that an environment is destroyed completely once its queues are empty.
func (r *checkout) destroy(all int) {
	r.Helper()
	client := sqs.NewFromConfig(endpoint.At(os.Getenv("AWS_ENDPOINT_URL")))
	queue, err := client.CreateQueue(r.Context(), &sqs.CreateQueueInput{QueueName: aws.String(stack.Project + "-dev-harbour-dlq")})
	if err != nil {
		r.Fatal(err)
	}
	if _, err := client.SendMessage(r.Context(), &sqs.SendMessageInput{QueueUrl: queue.QueueUrl, MessageBody: aws.String("kept")}); err != nil {
		r.Fatal(err)
	}
	r.saw(r.run(cli.ExitUsage, "dev\n", "destroy", "-env", "dev"), "harbour (dead letters): 1", "-force")
	if err := os.RemoveAll(filepath.Join(r.root, "bin")); err != nil {
		r.Fatal(err)
	}
	output := r.run(exitDeclined, "yes\n", "destroy", "-env", "dev", "-force")
	r.saw(output, "The data in these is lost for good:", "  harbour  aws_dynamodb_table.this[0]", "Destroy all of dev? Type dev: ")
	output = r.run(0, "dev\n", "destroy", "-env", "dev", "-force")
	r.saw(output, fmt.Sprintf("%d/%[1]d  destroyed", all))
	if n := r.state("dev"); n != 0 {
		r.Errorf("%d resources are left", n)
	}
}

// TestARollbackIsAFailure: ECS goes back to the tasks that ran before, and Terraform says that all is well.
func TestARollbackIsAFailure(t *testing.T) {
	r := newCheckout(t)
	r.limit, r.runs = 1, "arn:aws:ecs:eu-central-1:000000000000:task-definition/before:1"
	output := r.run(cli.ExitFailure, "", "deploy", "-env", "dev", "-yes")
	r.saw(output, "buoy was not deployed and runs its previous version: tasks failed to start", "Lambda runs 1 function at a time in this account, and the queues may ask for 2")
	if strings.Contains(output, "playing the story") {
		t.Errorf("the smoke test ran on the tasks of before:\n%s", output)
	}
}

// TestProd holds that what is protected is asked for by name, and that what it keeps is not destroyed.
func TestProd(t *testing.T) {
	r := newCheckout(t)
	r.saw(r.run(exitDeclined, "yes\n", "deploy", "-env", "prod"), "Deploy this to prod? Type prod: ")
	r.saw(r.run(exitDeclined, "", "deploy", "-env", "prod"), "there was no answer; -yes skips the question")
	r.run(0, "prod\n", "deploy", "-env", "prod", "-no-smoke")
	r.saw(r.run(cli.ExitUsage, "", "destroy", "-env", "prod", "-yes"), "these are protected from being destroyed", "harbour aws_dynamodb_table.this[0]", "buoy aws_db_instance.this[0]")

	// Without its protection it goes as a whole.
	tfvars := filepath.Join(r.root, "terraform/env/prod.tfvars")
	text, err := os.ReadFile(tfvars)
	if err != nil {
		t.Fatal(err)
	}
	if !regexp.MustCompile(stack.Project + `-prod-buoy-final-[0-9]{14}"`).MatchString(r.stateText("prod")) {
		t.Error("the last snapshot of the database has no name of its own")
	}
	r.write("terraform/env/prod.tfvars", strings.Replace(string(text), "enabled = true", "enabled = false", 1))
	r.saw(r.run(0, "", "deploy", "-env", "prod", "-yes", "-no-smoke"), "harbour  ~   aws_dynamodb_table.this[0]  deletion_protection_enabled")
	r.run(0, "", "destroy", "-env", "prod", "-yes")
	if n := r.state("prod"); n != 0 {
		t.Errorf("%d resources are left", n)
	}
}

func TestWhatIsPutRightFirst(t *testing.T) {
	r := newCheckout(t)
	r.saw(r.run(cli.ExitUsage, "", "plan", "-env", "nosuch"), "there is no environment nosuch: one of [dev prod]", "terraform/env/nosuch.tfvars")
	r.write("terraform/env/copied.tfvars", `environment = "dev"`)
	r.saw(r.run(cli.ExitUsage, "", "plan", "-env", "copied"), `terraform/env/copied.tfvars says environment = "dev": it should be "copied"`)
	r.write("services/harbour/main.go", "package main\n\nfunc main() { undefined() }\n")
	r.saw(r.run(cli.ExitFailure, "", "plan", "-env", "dev"), "undefined: undefined")
	t.Setenv("PATH", t.TempDir())
	r.saw(r.run(cli.ExitUsage, "", "plan", "-env", "dev"), "terraform is not on the PATH")
}
