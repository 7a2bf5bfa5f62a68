#!/bin/sh
helm b
