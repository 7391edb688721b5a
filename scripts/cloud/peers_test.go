package cloud

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// peers lists what users of other emulators have reported as wrong, and the tests that check it here. The AWS CLI,
// boto3 and the JavaScript SDK also run the stories in tour.
var peers = []struct {
	complaint string
	tests     []string // file: text that it contains
}{
	{"disabled rules fire", []string{
		"eventbridge/putevents_test.go: func TestWhichRulesFire(", "tour/testdata/eventbridge.tour: # A disabled rule does not match."}},
	{"filter policies on the body are accepted and ignored", []string{
		"sns/filter_test.go: func TestFilterPolicies(", "tour/testdata/sns.tour: raw with a filter on the body"}},
	{"dead-letter queues of targets are ignored", []string{
		"eventbridge/retry_test.go: func TestDeadLetters(", "eventbridge/sqs_test.go: func TestRealQueues(", "tour/testdata/eventbridge.tour: ERROR_CODE"}},
	{"event source mappings run one batch at a time, whatever their maximum concurrency", []string{"lambda/mapping_test.go: func TestMaximumConcurrency("}},
	{"partial batch responses are ignored, so that messages that failed are deleted", []string{
		"lambda/mapping_test.go: func TestBatches(", "lambda/poller_test.go: func TestFailures(", "tour/testdata/lambda.tour: ReportBatchItemFailures"}},
	{"a FIFO group is not locked while one of its messages is in flight", []string{
		"sqs/time_test.go: func TestFIFO(", "sqs/model_test.go: func TestAgainstAModel(", "tour/testdata/sqs.tour: # FIFO: order, groups"}},
	{"StartMessageMoveTask is missing", []string{"sqs/time_test.go: func TestMoveTasks(", "tour/testdata/sqs.tour: StartMessageMoveTask"}},
	{"PutEvents succeeds while nothing arrives", []string{
		"eventbridge/putevents_test.go: func TestEntriesFailOneByOne(", "eventbridge/sqs_test.go: func TestRealQueues(", "tour/testdata/eventbridge.tour: # Targets: the whole event"}},
	{"input transformers support neither paths into arrays nor numbers inside text", []string{
		"eventbridge/transform/transform_test.go: func TestApply(", "eventbridge/transform/transform_test.go: func TestRecorded(", "tour/testdata/eventbridge.tour: $.detail.lines[0].color"}},
	{"memory grows under polling", []string{"polling_test.go: func TestPollingKeepsMemory(", "front_test.go: func TestAnswersAreForgotten("}},
	{"functions need Docker", []string{"lambda/invoke_test.go: func TestProcessesAreReusedOneInvocationAtATime(", "tour/testdata/lambda.tour: # Invocations."}},
	{"missing operations respond as if they existed", []string{"operations/main_test.go: func TestOperationsAreWhatTheServerDoes("}},
	{"the meaning of a pattern is contested, and nobody says so", []string{"eventbridge/pattern/conformance_test.go: contested, %s: agrees with the rule engine on %d of %d"}},
}

// TestPeersTableIsTrue checks that each test in the table exists.
func TestPeersTableIsTrue(t *testing.T) {
	for _, p := range peers {
		if len(p.tests) == 0 {
			t.Errorf("%s: no test", p.complaint)
		}
		for _, test := range p.tests {
			file, contains, _ := strings.Cut(test, ": ")
			text, err := os.ReadFile(filepath.FromSlash(file))
			if err != nil || !strings.Contains(string(text), contains) {
				t.Errorf("%s: %s has no %q (%v)", p.complaint, file, contains, err)
			}
		}
	}
}
