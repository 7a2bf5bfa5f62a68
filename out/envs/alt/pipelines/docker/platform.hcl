# How images of the platform are built. Read beside a project's own file, which inherits from here.

variable "registry" {
  default = "harbor.alt.example.com"
}

variable "version" {
  default = "latest"
}

# Seconds since 1970 of the commit: the same source makes the same image.
variable "SOURCE_DATE_EPOCH" {
  default = "0"
}

target "platform" {
  platforms = ["linux/amd64"]
  pull      = true
  args = {
    SOURCE_DATE_EPOCH = SOURCE_DATE_EPOCH
  }
  # What the image is made of, and how.
  attest = [
    "type=provenance,mode=max",
    "type=sbom",
  ]
  output = ["type=image,rewrite-timestamp=true"]
}
