package stories

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"example.com/troupe/scripts/internal/deadletters"
)

func (p *performance) deadLetter(line Line) error {
	urls, known := p.Target.Queues[line.Args[0]]
	if !known {
		return errors.New("the service has no queue")
	}
	queue := deadletters.Failed(sqs.NewFromConfig(p.Target.Config), urls)
	return p.wait(func() (bool, error) {
		letter, err := queue.Take(p.ctx, func(l deadletters.Letter) bool { return slices.Contains(p.executions, l.Execution) })
		switch {
		case err != nil:
			return true, err
		case letter == nil:
			return false, errors.New("the service has no dead letter of this story")
		}
		p.variables["eventId"] = letter.EventID
		return true, as(*letter, line.Args[1:])
	})
}

// as compares a dead letter with a line's reason and error.
func as(letter deadletters.Letter, want []string) error {
	if len(want) > 0 && letter.Reason != want[0] {
		return fmt.Errorf("its reason is %q", letter.Reason)
	}
	if len(want) > 1 && !strings.Contains(letter.Error, want[1]) {
		return fmt.Errorf("its error is %q", letter.Error)
	}
	return nil
}

func (p *performance) state(line Line) error {
	wanted, err := expectations(line.Args[2:])
	if err != nil {
		return err
	}
	table := p.Target.Tables[line.Args[0]]
	if table == "" {
		return errors.New("only documents of services with the store dynamodb can be read")
	}
	client := dynamodb.NewFromConfig(p.Target.Config)
	return p.wait(func() (bool, error) {
		document, err := read(p.ctx, client, table, line.Args[1])
		if err != nil {
			return false, err
		}
		err = expect(document, wanted)
		return err == nil, err
	})
}

// read reads a document from a service's table.
func read(ctx context.Context, client *dynamodb.Client, table, key string) (json.RawMessage, error) {
	out, err := client.GetItem(ctx, &dynamodb.GetItemInput{
		TableName: &table, Key: map[string]types.AttributeValue{"pk": &types.AttributeValueMemberS{Value: "doc#" + key}},
	})
	if err != nil {
		return nil, err
	}
	body, ok := out.Item["body"].(*types.AttributeValueMemberS)
	if !ok {
		return nil, fmt.Errorf("there is no document %s", key)
	}
	return json.RawMessage(body.Value), nil
}
