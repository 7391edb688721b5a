package dynamodb

import "example.com/localcloud/wire"

// Wire returns the table of operations.
func (s *Service) Wire() *wire.Service {
	return &wire.Service{
		Name:    "dynamodb",
		Target:  "DynamoDB_20120810",
		Version: "1.0",
		Shapes:  "com.amazonaws.dynamodb.v20120810",
		Operations: []wire.Operation{
			wire.Op("CreateTable", s.CreateTable, func(in *CreateTableInput) []wire.Access { return on("CreateTable", in.TableName) }),
			wire.Op("DescribeTable", s.DescribeTable, func(in *TableInput) []wire.Access { return on("DescribeTable", in.TableName) }),
			wire.Op("UpdateTable", s.UpdateTable, func(in *UpdateTableInput) []wire.Access { return on("UpdateTable", in.TableName) }),
			wire.Op("DeleteTable", s.DeleteTable, func(in *TableInput) []wire.Access { return on("DeleteTable", in.TableName) }),
			wire.Op("ListTables", s.ListTables, func(*ListTablesInput) []wire.Access {
				return []wire.Access{{Action: "dynamodb:ListTables", Resource: "*"}}
			}),
			wire.Op("DescribeTimeToLive", s.DescribeTimeToLive, func(in *TableInput) []wire.Access { return on("DescribeTimeToLive", in.TableName) }),
			wire.Op("UpdateTimeToLive", s.UpdateTimeToLive, func(in *UpdateTimeToLiveInput) []wire.Access { return on("UpdateTimeToLive", in.TableName) }),
			wire.Op("TagResource", s.TagResource, func(in *TagResourceInput) []wire.Access { return on("TagResource", in.ResourceArn) }),
			wire.Op("UntagResource", s.UntagResource, func(in *UntagResourceInput) []wire.Access { return on("UntagResource", in.ResourceArn) }),
			wire.Op("ListTagsOfResource", s.ListTagsOfResource, func(in *ListTagsOfResourceInput) []wire.Access { return on("ListTagsOfResource", in.ResourceArn) }),
			wire.Op("GetItem", s.GetItem, func(in *GetItemInput) []wire.Access { return on("GetItem", in.TableName) }),
			wire.Op("PutItem", s.PutItem, func(in *PutItemInput) []wire.Access { return on("PutItem", in.TableName) }),
			wire.Op("UpdateItem", s.UpdateItem, func(in *UpdateItemInput) []wire.Access { return on("UpdateItem", in.TableName) }),
			wire.Op("DeleteItem", s.DeleteItem, func(in *DeleteItemInput) []wire.Access { return on("DeleteItem", in.TableName) }),
			wire.Op("Query", s.Query, func(in *QueryInput) []wire.Access { return in.access("Query") }),
			wire.Op("Scan", s.Scan, func(in *ScanInput) []wire.Access { return in.access("Scan") }),
			wire.Op("BatchGetItem", s.BatchGetItem, func(in *BatchGetItemInput) []wire.Access { return onAll("BatchGetItem", in.RequestItems) }),
			wire.Op("BatchWriteItem", s.BatchWriteItem, func(in *BatchWriteItemInput) []wire.Access { return onAll("BatchWriteItem", in.RequestItems) }),
			wire.Op("TransactGetItems", s.TransactGetItems, transactGetAccess),
			wire.Op("TransactWriteItems", s.TransactWriteItems, transactWriteAccess),
		},
	}
}

// on returns the permission that an action on a table, given by name or ARN, needs.
func on(action, table string) []wire.Access {
	return []wire.Access{{Action: "dynamodb:" + action, Resource: tableARN(table)}}
}

func onAll[V any](action string, tables map[string]V) []wire.Access {
	var all []wire.Access
	for name := range tables {
		all = append(all, on(action, name)...)
	}
	return all
}

// access names the index, as AWS does, if the request reads one.
func (in *selection) access(action string) []wire.Access {
	all := on(action, in.TableName)
	if in.IndexName != nil {
		all[0].Resource += "/index/" + *in.IndexName
	}
	return all
}

// transactWriteAccess returns the permission for each action, as AWS checks them.
func transactWriteAccess(in *TransactWriteItemsInput) []wire.Access {
	var all []wire.Access
	for _, i := range in.TransactItems {
		for _, a := range i.actions() {
			all = append(all, on(string(a.verb), a.TableName)...)
		}
	}
	return all
}

func transactGetAccess(in *TransactGetItemsInput) []wire.Access {
	var all []wire.Access
	for _, i := range in.TransactItems {
		if i.Get != nil {
			all = append(all, on("GetItem", i.Get.TableName)...)
		}
	}
	return all
}
