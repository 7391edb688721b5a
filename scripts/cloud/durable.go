package cloud

import (
	"net/http"

	"example.com/localcloud/journal"
	"example.com/localcloud/wire"
)

// restore loads the state from a journal, service by service. Each service follows those that it uses, because
// interrupted work resumes at once.
func (c *Cloud) restore(j *journal.Journal) error {
	c.journal = j
	for _, restore := range []func(*journal.Journal) error{
		c.IAM.Restore, c.Logs.Restore, c.DynamoDB.Restore, c.SQS.Restore, c.Lambda.Restore, c.APIGateway.Restore, c.SNS.Restore, c.EventBridge.Restore,
		c.Scheduler.Restore,
	} {
		if err := restore(j); err != nil {
			return err
		}
	}
	return nil
}

// durable holds back a response until the changes before it have been written. If they cannot be written, it responds
// with an error, whatever the service's response is.
type durable struct {
	http.ResponseWriter
	request *http.Request
	journal *journal.Journal
	failed  bool
}

func (d *durable) WriteHeader(status int) {
	err := d.journal.Commit()
	if err == nil {
		d.ResponseWriter.WriteHeader(status)
		return
	}
	d.failed = true
	wire.Fail(d.ResponseWriter, d.request, "local", err)
}

func (d *durable) Write(p []byte) (int, error) {
	if d.failed {
		return len(p), nil // the request has been answered
	}
	return d.ResponseWriter.Write(p)
}

// Unwrap lets http.ResponseController work.
func (d *durable) Unwrap() http.ResponseWriter { return d.ResponseWriter }
