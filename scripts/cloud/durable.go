package cloud

import (
	"net/http"

	"example.com/localcloud/journal"
	"example.com/localcloud/wire"
)

// restore takes up what a journal has, service by service: each after those that it uses, for what was
// interrupted goes on at once.
func (c *Cloud) restore(j *journal.Journal) error {
	c.journal = j
	for _, restore := range []func(*journal.Journal) error{
		c.IAM.Restore, c.Logs.Restore, c.DynamoDB.Restore, c.SQS.Restore, c.Lambda.Restore, c.APIGateway.Restore, c.SNS.Restore, c.EventBridge.Restore,
	} {
		if err := restore(j); err != nil {
			return err
		}
	}
	return nil
}

// durable holds every answer back until what it tells of is written. What cannot be written is
// not acknowledged, whatever the service says.
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
		return len(p), nil // it has been answered
	}
	return d.ResponseWriter.Write(p)
}

// Unwrap is for http.ResponseController.
func (d *durable) Unwrap() http.ResponseWriter { return d.ResponseWriter }
