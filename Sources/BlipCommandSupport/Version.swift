/// The one place of the version; `make release` dates CHANGELOG.md's section and makes the tag by it.
package let programVersion = "0.1.0"
