package tour

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/scheduler"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/smithy-go"
)

// golang is the Go SDK, whose operations are called by name.
type golang map[string]any // service → client

func newGo(endpoint string) golang {
	config := aws.Config{
		Region: "us-east-1", BaseEndpoint: &endpoint,
		Credentials: credentials.NewStaticCredentialsProvider("tour", "tour", ""),
	}
	return golang{
		"apigatewayv2": apigatewayv2.NewFromConfig(config),
		"dynamodb":     dynamodb.NewFromConfig(config),
		"events":       eventbridge.NewFromConfig(config),
		"iam":          iam.NewFromConfig(config),
		"lambda":       lambda.NewFromConfig(config),
		"logs":         cloudwatchlogs.NewFromConfig(config),
		"scheduler":    scheduler.NewFromConfig(config),
		"sns":          sns.NewFromConfig(config),
		"sqs":          sqs.NewFromConfig(config),
		"sts":          sts.NewFromConfig(config),
	}
}

// call calls client.Operation(ctx, &OperationInput{…}).
func (g golang) call(ctx context.Context, service, operation string, input any) (*reply, error) {
	method := reflect.ValueOf(g[service]).MethodByName(operation)
	if !method.IsValid() {
		return nil, fmt.Errorf("the Go SDK knows no %s of %s", operation, service)
	}
	in := reflect.New(method.Type().In(1).Elem())
	if err := fill(in.Elem(), unmarked(input)); err != nil {
		return nil, fmt.Errorf("%s: %w", operation, err)
	}
	out := method.Call([]reflect.Value{reflect.ValueOf(ctx), in})
	err, failed := out[1].Interface().(error)
	if !failed {
		return &reply{Output: plain(out[0])}, nil
	}
	modelled, ok := errors.AsType[smithy.APIError](err)
	if !ok {
		return nil, err
	}
	exception := reflect.TypeOf(modelled).Elem()
	r := &reply{Output: plainStruct(reflect.ValueOf(modelled).Elem()), Exception: exception.Name(), Code: modelled.ErrorCode(), Message: modelled.ErrorMessage()}
	if r.Exception == "GenericAPIError" {
		r.Output, r.Exception = nil, ""
	}
	return r, nil
}

func (golang) close() error { return nil }

// unions maps the types of union members to their variants.
var unions = map[reflect.Type][]any{
	reflect.TypeFor[types.AttributeValue](): {
		types.AttributeValueMemberS{}, types.AttributeValueMemberN{}, types.AttributeValueMemberB{}, types.AttributeValueMemberBOOL{},
		types.AttributeValueMemberNULL{}, types.AttributeValueMemberL{}, types.AttributeValueMemberM{},
		types.AttributeValueMemberSS{}, types.AttributeValueMemberNS{}, types.AttributeValueMemberBS{},
	},
}

// fill sets a member of an SDK input from JSON.
func fill(v reflect.Value, from any) error {
	switch {
	case v.Kind() == reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		return fill(v.Elem(), from)
	case v.Kind() == reflect.Interface:
		return fillUnion(v, from)
	case v.Type() == reflect.TypeFor[time.Time]():
		at, err := time.Parse(time.RFC3339, fmt.Sprint(from))
		v.Set(reflect.ValueOf(at))
		return err
	case v.Type() == reflect.TypeFor[[]byte]():
		raw, err := base64.StdEncoding.DecodeString(fmt.Sprint(from))
		v.SetBytes(raw)
		return err
	}
	switch from := from.(type) {
	case map[string]any:
		return fillMembers(v, from)
	case []any:
		v.Set(reflect.MakeSlice(v.Type(), len(from), len(from)))
		for i := range from {
			if err := fill(v.Index(i), from[i]); err != nil {
				return err
			}
		}
		return nil
	}
	if value := reflect.ValueOf(from); value.CanConvert(v.Type()) {
		v.Set(value.Convert(v.Type()))
		return nil
	}
	return fmt.Errorf("%v is not a %s", from, v.Type())
}

func fillMembers(v reflect.Value, from map[string]any) error {
	if v.Kind() == reflect.Map {
		v.Set(reflect.MakeMap(v.Type()))
	}
	for name, member := range from {
		if v.Kind() == reflect.Map {
			element := reflect.New(v.Type().Elem()).Elem()
			if err := fill(element, member); err != nil {
				return err
			}
			v.SetMapIndex(reflect.ValueOf(name).Convert(v.Type().Key()), element)
			continue
		}
		field := v.FieldByNameFunc(func(f string) bool { return strings.EqualFold(f, name) })
		if !field.IsValid() {
			return fmt.Errorf("%s has no %s", v.Type(), name)
		}
		if err := fill(field, member); err != nil {
			return err
		}
	}
	return nil
}

func fillUnion(v reflect.Value, from any) error {
	object, _ := from.(map[string]any)
	for _, member := range unions[v.Type()] {
		t := reflect.TypeOf(member)
		_, name, _ := strings.Cut(t.Name(), "Member")
		if value, ok := object[name]; ok {
			chosen := reflect.New(t)
			v.Set(chosen)
			return fill(chosen.Elem().FieldByName("Value"), value)
		}
	}
	return fmt.Errorf("%v is not a %s", from, v.Type())
}

// plain converts an SDK output to JSON values.
func plain(v reflect.Value) any {
	switch v.Kind() {
	case reflect.Pointer:
		if v.IsNil() {
			return nil
		}
		return plain(v.Elem())
	case reflect.Interface:
		if v.IsNil() {
			return nil
		}
		member := v.Elem().Elem()
		_, name, _ := strings.Cut(member.Type().Name(), "Member")
		return map[string]any{name: plain(member.FieldByName("Value"))}
	case reflect.Struct:
		return plainStruct(v)
	case reflect.Map:
		object := map[string]any{}
		for _, key := range v.MapKeys() {
			object[key.String()] = plain(v.MapIndex(key))
		}
		return object
	case reflect.Slice:
		if raw, ok := v.Interface().([]byte); ok {
			return base64.StdEncoding.EncodeToString(raw)
		}
		list := []any{}
		for i := range v.Len() {
			list = append(list, plain(v.Index(i)))
		}
		return list
	case reflect.String:
		return v.String()
	case reflect.Bool:
		return v.Bool()
	}
	return v.Convert(reflect.TypeFor[float64]()).Float()
}

func plainStruct(v reflect.Value) any {
	if at, ok := v.Interface().(time.Time); ok {
		return at.Format(time.RFC3339)
	}
	object := map[string]any{}
	for _, f := range reflect.VisibleFields(v.Type()) {
		if f.IsExported() && f.Name != "ResultMetadata" {
			object[f.Name] = plain(v.FieldByIndex(f.Index))
		}
	}
	return object
}
