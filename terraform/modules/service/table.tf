# State and inbox records, in one table so that one transaction covers both.

resource "aws_dynamodb_table" "this" {
  count = var.manifest.store == "dynamodb" ? 1 : 0

  name                        = local.id
  billing_mode                = "PAY_PER_REQUEST"
  hash_key                    = "pk"
  deletion_protection_enabled = local.protected

  attribute {
    name = "pk"
    type = "S"
  }

  # Each index of service.json: documents by a value, in an order. They hold only keys.
  dynamic "attribute" {
    for_each = flatten([for index in sort(var.manifest.indexes) : ["by-${index}", "order-${index}"]])

    content {
      name = attribute.value
      type = "S"
    }
  }

  dynamic "global_secondary_index" {
    for_each = sort(var.manifest.indexes)

    content {
      name            = "by-${global_secondary_index.value}"
      hash_key        = "by-${global_secondary_index.value}"
      range_key       = "order-${global_secondary_index.value}"
      projection_type = "KEYS_ONLY"
    }
  }

  # Inbox records go; documents have no such attribute and stay.
  ttl {
    attribute_name = "expires"
    enabled        = true
  }

  point_in_time_recovery {
    enabled = local.protected
  }

  server_side_encryption {
    enabled     = true
    kms_key_arn = local.key_arn
  }

  tags = local.tags
}
