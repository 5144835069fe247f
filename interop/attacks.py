# SPDX-License-Identifier: Apache-2.0
"""Every attempt to have the reference server accept what it must not, in the order of the table that `ci/interop --attacks` prints."""
import attacks_encryption
import attacks_negotiation
import attacks_sessions
import attacks_signatures

ATTEMPTS = [*attacks_signatures.ATTEMPTS, *attacks_sessions.ATTEMPTS, *attacks_negotiation.ATTEMPTS, *attacks_encryption.ATTEMPTS]
