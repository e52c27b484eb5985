# Everything a user or CI runs. `make help` lists it.
export PKG_CONFIG_PATH := $(CURDIR)/.openvino/lib/pkgconfig:$(PKG_CONFIG_PATH)

.DEFAULT_GOAL := help
.PHONY: help setup build test format lint

help: ## List the targets
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

setup: ## Install what is missing (apt packages, OpenVINO runtime); quick when nothing is
	@Tools/setup

build: setup ## Build the release program
	swift build -c release --product blip

test: setup ## Run all tests
	swift build --build-tests
	swift test --skip-build

format: ## Format the Swift sources
	swift format --in-place --recursive --parallel Package.swift Sources Tests

lint: ## Check the formatting, as CI does
	swift format lint --strict --recursive --parallel Package.swift Sources Tests
