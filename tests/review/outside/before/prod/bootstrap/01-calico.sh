#!/bin/sh
helm a
