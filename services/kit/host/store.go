package host

import (
	"context"
	"errors"
	"fmt"

	"example.com/troupe/events/manifest"
	"example.com/troupe/services/kit/eventing"
	"example.com/troupe/services/kit/inbox"
	"example.com/troupe/services/kit/inbox/dynamostore"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
)

// errNoStore means that a service keeps state but declares no store.
var errNoStore = errors.New(`the service has no store: name one in service.json ("store": "dynamodb" or "sql")`)

// openStore opens the store that service.json names.
func (rt *Runtime) openStore(ctx context.Context, cloud aws.Config) (inbox.Driver, error) {
	switch rt.manifest.Store {
	case manifest.DynamoDB:
		return dynamostore.New(dynamodb.NewFromConfig(cloud), rt.env.table), nil
	case manifest.SQL:
		driver, err := rt.opener(ctx, rt.env.database, rt.manifest.Name)
		if err != nil {
			return nil, fmt.Errorf("open the service's database: %w", err)
		}
		return driver, nil
	default:
		return noStore{}, nil
	}
}

// noStore is the driver of a service that keeps nothing: a repeated message is handled
// again, and publishes events with the same ids.
type noStore struct{}

func (noStore) Read(context.Context, string) ([]byte, int64, error) {
	return nil, 0, eventing.Permanent("no-store", errNoStore)
}

func (noStore) Search(context.Context, eventing.Search) ([]eventing.Found, bool, error) {
	return nil, false, eventing.Permanent("no-store", errNoStore)
}

func (noStore) Find(context.Context, string) (*eventing.Record, error) { return nil, nil }

func (s noStore) Try(ctx context.Context, _ string, work eventing.Work) (eventing.Commit, error) {
	commit, err := work.Run(ctx, s)
	if err == nil && len(commit.Changes) > 0 {
		err = eventing.Permanent("no-store", errNoStore)
	}
	return commit, err
}

func (noStore) Close() error { return nil }
