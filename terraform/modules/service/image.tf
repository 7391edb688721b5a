# Where a worker's images are kept.

resource "aws_ecr_repository" "this" {
  count = local.workers

  name                 = local.id
  image_tag_mutability = "IMMUTABLE"
  force_delete         = true # images can be built again

  encryption_configuration {
    encryption_type = "KMS"
  }

  image_scanning_configuration {
    scan_on_push = true
  }

  tags = local.tags
}

resource "aws_ecr_lifecycle_policy" "this" {
  count = local.workers

  repository = aws_ecr_repository.this[0].name
  policy = jsonencode({ rules = [{
    rulePriority = 1
    description  = "Keep the last ten images for rollbacks"
    selection    = { tagStatus = "any", countType = "imageCountMoreThan", countNumber = 10 }
    action       = { type = "expire" }
  }] })
}
