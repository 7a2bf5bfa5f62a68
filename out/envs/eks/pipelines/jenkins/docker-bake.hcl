# docker-bake.hcl, beside the Dockerfile. Made by stackgen. Try it with `docker buildx bake --print`.
variable "IMAGE" {
  default = "image"
}

variable "TAG" {
  default = "dev"
}

# Where layers are kept between builds; empty for nowhere.
variable "CACHE" {
  default = ""
}

group "default" {
  targets = ["image"]
}

target "image" {
  context    = "."
  dockerfile = "Dockerfile"
  platforms  = ["linux/amd64"]
  tags       = ["${IMAGE}:${TAG}"]
  labels = {
    "org.opencontainers.image.version" = TAG
  }
  attest     = ["type=provenance,mode=max", "type=sbom"]
  cache-from = CACHE == "" ? [] : ["type=registry,ref=${CACHE}"]
  cache-to   = CACHE == "" ? [] : ["type=registry,ref=${CACHE},mode=max,image-manifest=true,oci-mediatypes=true"]
}
