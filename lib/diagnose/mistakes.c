/* SPDX-License-Identifier: Apache-2.0 */
/* The mistakes: what each concerns, what it needs, how it reads, what to do about it. */
#include "mistakes.h"

/* Advice that several mistakes share. */
#define ADVICE_ALGORITHM "Sign with the algorithm that the connection negotiated (MS-SMB2 3.1.4.1)."
#define ADVICE_PURPOSE "Derive the signing key with the label (and, in 3.0, the context) of signing (MS-SMB2 3.1.4.2)."
#define ADVICE_CONTEXT "The signing key's context is \"SmbSign\" (MS-SMB2 3.1.4.2)."
#define ADVICE_BITS "They are in byte 8, right behind the MessageId (MS-SMB2 3.1.4.1)."
#define ADVICE_ELEMENT "Sign each element of a compound alone, from its header to the next one (MS-SMB2 3.1.4.1)."
#define ADVICE_PADDING "Padding before the next element is part of the element and signed with it (MS-SMB2 3.1.4.1)."
#define ADVICE_SENT "Cover what is sent, to its last byte and no further (MS-SMB2 3.1.4.1)."
#define ADVICE_ZERO "Zero bytes 48 to 63 before the signature is computed (MS-SMB2 3.1.4.1)."
#define ADVICE_ID "MessageId is bytes 24 to 31 of the header (MS-SMB2 2.2.1)."
#define ADVICE_HEADER "Fill in the header before the signature is computed (MS-SMB2 3.1.4.1)."

static const csign_mistake_entry entries[CSIGN_MISTAKE_COUNT] = {
    [CSIGN_MISTAKE_NONE] = {THING_COUNT, 0, "none", "", ""},
    [CSIGN_MISTAKE_ALGORITHM_HMAC_SHA256] = {THING_ALGORITHM, HAS_NOT_HMAC, "algorithm-hmac-sha256",
                                             "the algorithm is HMAC-SHA256", ADVICE_ALGORITHM},
    [CSIGN_MISTAKE_ALGORITHM_AES_CMAC] = {THING_ALGORITHM, HAS_NOT_CMAC, "algorithm-aes-cmac",
                                          "the algorithm is AES-128-CMAC", ADVICE_ALGORITHM},
    [CSIGN_MISTAKE_ALGORITHM_AES_GMAC] = {THING_ALGORITHM, HAS_NOT_GMAC, "algorithm-aes-gmac",
                                          "the algorithm is AES-128-GMAC", ADVICE_ALGORITHM},
    [CSIGN_MISTAKE_HMAC_LAST_BYTES] = {THING_TAG, HAS_HMAC, "hmac-last-bytes",
                                       "the signature is the last 16 bytes of the HMAC",
                                       "Take the first 16 of its 32 bytes (MS-SMB2 3.1.4.1)."},
    [CSIGN_MISTAKE_SESSION_FOR_CHANNEL] =
        {THING_AUTHENTICATION, HAS_CHANNEL | HAS_OTHER_KEY | HAS_SAME_SESSION, "session-for-channel",
         "the session's signing key is used for the bound channel",
         "Once a channel is bound, sign on it with the channel's own signing key (MS-SMB2 3.2.5.3.3, 3.3.5.5.2)."},
    [CSIGN_MISTAKE_CHANNEL_FOR_SESSION] = {THING_AUTHENTICATION, HAS_SESSION | HAS_OTHER_KEY | HAS_SAME_SESSION,
                                           "channel-for-session",
                                           "the bound channel's signing key is used for the session",
                                           "Until a channel is bound, and on the session's first connection, sign with "
                                           "the session's signing key (MS-SMB2 3.2.5.3.3, 3.3.5.5.2)."},
    [CSIGN_MISTAKE_OTHER_SESSION_KEY] =
        {THING_AUTHENTICATION, HAS_OTHER_KEY, "other-session-key",
         "the session key of another authentication is used, with the preauth hash of this one",
         "Each channel's signing key comes from the session key of its own authentication (MS-SMB2 3.2.5.3.3)."},
    [CSIGN_MISTAKE_OTHER_PREAUTH] = {THING_AUTHENTICATION, HAS_OTHER_PREAUTH | HAS_PREAUTH_CONTEXT, "other-preauth",
                                     "the preauth hash of another session or channel is used",
                                     "Derive with the preauth hash of the same connection and authentication as the "
                                     "session key (MS-SMB2 3.1.4.2)."},
    [CSIGN_MISTAKE_OTHER_SIGNING_KEY] = {THING_AUTHENTICATION, HAS_OTHER_KEY | HAS_OTHER_SESSION, "other-signing-key",
                                         "another session's signing key is used",
                                         "Take the key by the SessionId of the header; of a related element, by that "
                                         "of the compound's first element (MS-SMB2 3.2.4.1.1, 3.3.5.2.7.2)."},
    [CSIGN_MISTAKE_KEY_NOT_TRUNCATED] = {THING_SESSION_KEY, HAS_LONG_KEY | HAS_ANY_LENGTH, "key-not-truncated",
                                         "the session key is not truncated to 16 bytes",
                                         "SessionKey is the first 16 bytes of what authentication produced; only "
                                         "256-bit cipher keys come from all of it (MS-SMB2 3.2.5.3.1)."},
    [CSIGN_MISTAKE_KEY_LAST_BYTES] =
        {THING_SESSION_KEY, HAS_LONG_KEY, "key-last-bytes", "the session key is truncated to its last 16 bytes",
         "SessionKey is the first 16 bytes of what authentication produced (MS-SMB2 3.2.5.3.1)."},
    [CSIGN_MISTAKE_KEY_ZERO] =
        {THING_SESSION_KEY, 0, "key-zero", "the session key is 16 zero bytes",
         "Take the session key from the finished authentication before deriving keys (MS-SMB2 3.2.5.3.1)."},
    [CSIGN_MISTAKE_KEY_NOT_DERIVED] = {THING_DERIVATION, HAS_3_X, "key-not-derived",
                                       "the session key itself is the signing key",
                                       "In SMB 3.x derive the signing key from the session key (MS-SMB2 3.1.4.2)."},
    [CSIGN_MISTAKE_DERIVED_AS_3_0] = {THING_DERIVATION, HAS_NOT_3_0, "derived-as-3-0",
                                      "the signing key is derived as in SMB 3.0",
                                      "2.x signs with the session key, 3.1.1 derives with the preauth hash and labels "
                                      "of its own (MS-SMB2 3.1.4.2)."},
    [CSIGN_MISTAKE_DERIVED_AS_3_1_1] = {THING_DERIVATION, HAS_NOT_3_1_1 | HAS_PREAUTH, "derived-as-3-1-1",
                                        "the signing key is derived as in SMB 3.1.1",
                                        "2.x signs with the session key, 3.0 and 3.0.2 derive with \"SMB2AESCMAC\" and "
                                        "\"SmbSign\" (MS-SMB2 3.1.4.2)."},
    [CSIGN_MISTAKE_PURPOSE_APPLICATION] = {THING_PURPOSE, HAS_DERIVED, "purpose-application",
                                           "the application key is used", ADVICE_PURPOSE},
    [CSIGN_MISTAKE_PURPOSE_CLIENT_TO_SERVER] = {THING_PURPOSE, HAS_DERIVED, "purpose-client-to-server",
                                                "the client-to-server cipher key is used", ADVICE_PURPOSE},
    [CSIGN_MISTAKE_PURPOSE_SERVER_TO_CLIENT] = {THING_PURPOSE, HAS_DERIVED, "purpose-server-to-client",
                                                "the server-to-client cipher key is used", ADVICE_PURPOSE},
    [CSIGN_MISTAKE_LABEL_WITHOUT_NUL] =
        {THING_LABEL, HAS_DERIVED, "label-without-nul", "the label of the key derivation lacks its terminating NUL",
         "Labels include a NUL, and the separator of SP 800-108 comes on top (MS-SMB2 3.1.4.2)."},
    [CSIGN_MISTAKE_LABEL_OF_OTHER_DIALECT] =
        {THING_LABEL, HAS_DERIVED, "label-of-other-dialect",
         "the label of the key derivation is that of the other 3.x dialect",
         "\"SMB2AESCMAC\" is the label of 3.0 and 3.0.2, \"SMBSigningKey\" that of 3.1.1 (MS-SMB2 3.1.4.2)."},
    [CSIGN_MISTAKE_LABEL_AND_CONTEXT_SWAPPED] = {THING_LABEL, HAS_DERIVED, "label-and-context-swapped",
                                                 "label and context of the key derivation are swapped",
                                                 "The label stands before the context (NIST SP 800-108 section 4.1)."},
    [CSIGN_MISTAKE_CONTEXT_WITHOUT_NUL] = {THING_CONTEXT, HAS_STRING_CONTEXT, "context-without-nul",
                                           "the context of the key derivation lacks its terminating NUL",
                                           "The contexts of 3.0 include a NUL (MS-SMB2 3.1.4.2)."},
    [CSIGN_MISTAKE_CONTEXT_APPLICATION] = {THING_CONTEXT, HAS_STRING_CONTEXT, "context-application",
                                           "the context of the key derivation is \"SmbRpc\"", ADVICE_CONTEXT},
    [CSIGN_MISTAKE_CONTEXT_SERVER_IN] = {THING_CONTEXT, HAS_STRING_CONTEXT, "context-server-in",
                                         "the context of the key derivation is \"ServerIn \"", ADVICE_CONTEXT},
    [CSIGN_MISTAKE_CONTEXT_SERVER_OUT] = {THING_CONTEXT, HAS_STRING_CONTEXT, "context-server-out",
                                          "the context of the key derivation is \"ServerOut\"", ADVICE_CONTEXT},
    [CSIGN_MISTAKE_CONTEXT_SIGNING] = {THING_CONTEXT, HAS_PREAUTH_CONTEXT, "context-signing",
                                       "the context of the key derivation is \"SmbSign\" instead of the preauth hash",
                                       "At 3.1.1 the context is the session's preauth hash (MS-SMB2 3.1.4.2)."},
    [CSIGN_MISTAKE_CONTEXT_EMPTY] =
        {THING_CONTEXT, HAS_DERIVED, "context-empty", "the context of the key derivation is empty",
         "The context is \"SmbSign\" in 3.0 and the session's preauth hash at 3.1.1 (MS-SMB2 3.1.4.2)."},
    [CSIGN_MISTAKE_CONTEXT_ZERO] =
        {THING_CONTEXT, HAS_PREAUTH_CONTEXT, "context-zero", "the preauth hash is 64 zero bytes",
         "Update the hash with every NEGOTIATE and SESSION_SETUP message before deriving keys (MS-SMB2 3.1.4.4.1)."},
    [CSIGN_MISTAKE_LENGTH_256] = {THING_LENGTH, HAS_DERIVED, "length-256", "L of the key derivation is 256",
                                  "Signing keys are derived with L = 128, whatever the cipher (MS-SMB2 3.1.4.2)."},
    [CSIGN_MISTAKE_LENGTH_IN_BYTES] = {THING_LENGTH, HAS_DERIVED, "length-in-bytes",
                                       "L of the key derivation counts bytes",
                                       "L counts bits: 00 00 00 80 (NIST SP 800-108 section 4.1)."},
    [CSIGN_MISTAKE_LENGTH_LITTLE_ENDIAN] = {THING_LENGTH, HAS_DERIVED, "length-little-endian",
                                            "L of the key derivation is little-endian",
                                            "L is big-endian: 00 00 00 80 (NIST SP 800-108 section 4.1)."},
    [CSIGN_MISTAKE_LENGTH_MISSING] = {THING_LENGTH, HAS_DERIVED, "length-missing", "L of the key derivation is missing",
                                      "L stands at the end, big-endian: 00 00 00 80 (NIST SP 800-108 section 4.1)."},
    [CSIGN_MISTAKE_COUNTER_ZERO] = {THING_COUNTER, HAS_DERIVED, "counter-zero",
                                    "the counter of the key derivation starts at 0",
                                    "It starts at 1: 00 00 00 01 (NIST SP 800-108 section 4.1)."},
    [CSIGN_MISTAKE_COUNTER_LITTLE_ENDIAN] = {THING_COUNTER, HAS_DERIVED, "counter-little-endian",
                                             "the counter of the key derivation is little-endian",
                                             "It is big-endian: 00 00 00 01 (NIST SP 800-108 section 4.1)."},
    [CSIGN_MISTAKE_COUNTER_MISSING] = {THING_COUNTER, HAS_DERIVED, "counter-missing",
                                       "the counter of the key derivation is missing",
                                       "It stands in front: 00 00 00 01 (NIST SP 800-108 section 4.1)."},
    [CSIGN_MISTAKE_SEPARATOR_MISSING] = {THING_SEPARATOR, HAS_DERIVED, "separator-missing",
                                         "the zero byte between label and context of the key derivation is missing",
                                         "It stands behind the label's own NUL (NIST SP 800-108 section 4.1)."},
    [CSIGN_MISTAKE_DERIVED_LAST_BYTES] =
        {THING_DERIVED_BYTES, HAS_DERIVED, "derived-last-bytes",
         "the signing key is the last 16 bytes of what is derived",
         "Take the first 16 of the 32 bytes of the HMAC (NIST SP 800-108 section 4.1)."},
    [CSIGN_MISTAKE_PREAUTH_WITHOUT_NEGOTIATE] =
        {THING_PREAUTH_START, HAS_OWN_PREAUTH, "preauth-without-negotiate",
         "both NEGOTIATE messages are left out of the preauth hash",
         "Hash the NEGOTIATE request and response for the connection, and start each session's hash from a copy of "
         "that value, not from zeros (MS-SMB2 3.1.4.4.1, 3.2.5.3)."},
    [CSIGN_MISTAKE_PREAUTH_WITHOUT_NEGOTIATE_REQUEST] =
        {THING_PREAUTH_START, HAS_OWN_PREAUTH, "preauth-without-negotiate-request",
         "the NEGOTIATE request is left out of the preauth hash",
         "Hash the NEGOTIATE request as it was sent (MS-SMB2 3.1.4.4.1)."},
    [CSIGN_MISTAKE_PREAUTH_WITHOUT_NEGOTIATE_RESPONSE] =
        {THING_PREAUTH_START, HAS_OWN_PREAUTH, "preauth-without-negotiate-response",
         "the NEGOTIATE response is left out of the preauth hash",
         "Hash the NEGOTIATE response as it was sent (MS-SMB2 3.1.4.4.1)."},
    [CSIGN_MISTAKE_PREAUTH_WITHOUT_ZEROS] =
        {THING_PREAUTH_START, HAS_OWN_PREAUTH, "preauth-without-zeros",
         "the preauth hash does not begin with 64 zero bytes",
         "The first value is 64 zero bytes, and stands before the NEGOTIATE request (MS-SMB2 3.1.4.4.1)."},
    [CSIGN_MISTAKE_PREAUTH_WITH_FINAL_RESPONSE] = {THING_PREAUTH_END, HAS_OWN_PREAUTH | HAS_FINAL,
                                                   "preauth-with-final-response",
                                                   "the final SESSION_SETUP response is in the preauth hash",
                                                   "Derive keys from the hash up to the last request; the response "
                                                   "with STATUS_SUCCESS is not hashed (MS-SMB2 3.2.5.3.1)."},
    [CSIGN_MISTAKE_PREAUTH_WITHOUT_LAST_REQUEST] =
        {THING_PREAUTH_END, HAS_OWN_PREAUTH, "preauth-without-last-request",
         "the last SESSION_SETUP request is left out of the preauth hash",
         "Hash every SESSION_SETUP request, the last one too, before deriving keys (MS-SMB2 3.2.4.2.3)."},
    [CSIGN_MISTAKE_PREAUTH_WITHOUT_FIRST_REQUEST] = {THING_PREAUTH_END, HAS_OWN_PREAUTH,
                                                     "preauth-without-first-request",
                                                     "the first SESSION_SETUP request is left out of the preauth hash",
                                                     "Hash every SESSION_SETUP request (MS-SMB2 3.2.4.2.3)."},
    [CSIGN_MISTAKE_PREAUTH_WITHOUT_SETUP_RESPONSES] =
        {THING_PREAUTH_END, HAS_OWN_PREAUTH | HAS_SETUP_RESPONSE, "preauth-without-setup-responses",
         "the SESSION_SETUP responses are left out of the preauth hash",
         "Hash every response with STATUS_MORE_PROCESSING_REQUIRED (MS-SMB2 3.2.5.3)."},
    [CSIGN_MISTAKE_PREAUTH_NEGOTIATE_ONLY] =
        {THING_PREAUTH_END, HAS_OWN_PREAUTH, "preauth-negotiate-only",
         "the preauth hash is the connection's, without any SESSION_SETUP message",
         "Go on from a copy of the connection's hash with each SESSION_SETUP message (MS-SMB2 3.2.5.3)."},
    [CSIGN_MISTAKE_PREAUTH_PADDED] =
        {THING_PREAUTH_BYTES, HAS_OWN_PREAUTH | HAS_HASHED_ODD_8, "preauth-padded",
         "messages are padded to a multiple of 8 bytes in the preauth hash",
         "Hash each message as it was sent, to its last byte and no further (MS-SMB2 3.1.4.4.1)."},
    [CSIGN_MISTAKE_PREAUTH_SIGNATURE_ZEROED] =
        {THING_PREAUTH_BYTES, HAS_OWN_PREAUTH | HAS_HASHED_SIGNATURE, "preauth-signature-zeroed",
         "signatures are zeroed in the preauth hash",
         "Hash each message as it was sent, its signature included (MS-SMB2 3.1.4.4.1)."},
    [CSIGN_MISTAKE_PREAUTH_WITH_TRANSPORT_HEADER] = {THING_PREAUTH_BYTES, HAS_OWN_PREAUTH,
                                                     "preauth-with-transport-header",
                                                     "the 4-byte transport headers are in the preauth hash",
                                                     "Hash from the SMB2 header on (MS-SMB2 3.1.4.4.1)."},
    [CSIGN_MISTAKE_PREAUTH_HASHED_AT_ONCE] =
        {THING_PREAUTH_BYTES, HAS_OWN_PREAUTH, "preauth-hashed-at-once",
         "the preauth hash is one SHA-512 over 64 zero bytes and all messages",
         "Hash each message apart, behind the value before it (MS-SMB2 3.1.4.4.1)."},
    [CSIGN_MISTAKE_PREAUTH_HASHED_AT_ONCE_BARE] =
        {THING_PREAUTH_BYTES, HAS_OWN_PREAUTH, "preauth-hashed-at-once-bare",
         "the preauth hash is one SHA-512 over all messages and nothing else",
         "Hash each message apart, behind the value before it, which at first is 64 zero bytes (MS-SMB2 3.1.4.4.1)."},
    [CSIGN_MISTAKE_NONCE_WITHOUT_ROLE] = {THING_NONCE_BITS, HAS_GMAC | HAS_SERVER, "nonce-without-role",
                                          "the nonce lacks the server's bit",
                                          "Set bit 0 of byte 8 of the nonce in what a server sends (MS-SMB2 3.1.4.1)."},
    [CSIGN_MISTAKE_NONCE_WITH_ROLE] =
        {THING_NONCE_BITS, HAS_GMAC | HAS_CLIENT, "nonce-with-role",
         "the nonce has the server's bit in what a client sends",
         "Set bit 0 of byte 8 of the nonce in what a server sends, and only there (MS-SMB2 3.1.4.1)."},
    [CSIGN_MISTAKE_NONCE_WITHOUT_CANCEL] =
        {THING_NONCE_BITS, HAS_GMAC | HAS_CANCEL, "nonce-without-cancel", "the nonce lacks the bit of CANCEL",
         "Set bit 1 of byte 8 of the nonce when the command is CANCEL (MS-SMB2 3.1.4.1)."},
    [CSIGN_MISTAKE_NONCE_CANCEL_FROM_ASYNC] = {THING_NONCE_BITS, HAS_GMAC | HAS_ASYNC | HAS_NOT_CANCEL,
                                               "nonce-cancel-from-async",
                                               "the nonce's CANCEL bit is set because the ASYNC flag is",
                                               "The bit goes by the command, never by the flags (MS-SMB2 3.1.4.1)."},
    [CSIGN_MISTAKE_NONCE_BITS_SWAPPED] = {THING_NONCE_BITS, HAS_GMAC | HAS_BITS, "nonce-bits-swapped",
                                          "the nonce's role bit and CANCEL bit are swapped",
                                          "Bit 0 of byte 8 is the server's, bit 1 is CANCEL's (MS-SMB2 3.1.4.1)."},
    [CSIGN_MISTAKE_NONCE_BITS_HIGH] = {THING_NONCE_BITS, HAS_GMAC | HAS_BITS, "nonce-bits-high",
                                       "the nonce's role and CANCEL bits are the highest of byte 8",
                                       "They are its lowest: 0x01 and 0x02 (MS-SMB2 3.1.4.1)."},
    [CSIGN_MISTAKE_NONCE_BITS_IN_BYTE_9] = {THING_NONCE_BITS, HAS_GMAC | HAS_BITS, "nonce-bits-in-byte-9",
                                            "the nonce's role and CANCEL bits are in byte 9", ADVICE_BITS},
    [CSIGN_MISTAKE_NONCE_BITS_IN_BYTE_10] = {THING_NONCE_BITS, HAS_GMAC | HAS_BITS, "nonce-bits-in-byte-10",
                                             "the nonce's role and CANCEL bits are in byte 10", ADVICE_BITS},
    [CSIGN_MISTAKE_NONCE_BITS_IN_BYTE_11] =
        {THING_NONCE_BITS, HAS_GMAC | HAS_BITS, "nonce-bits-in-byte-11",
         "the nonce's role and CANCEL bits are in byte 11, as of a big-endian number",
         "They are in byte 8: bytes 8 to 11 are a little-endian number (MS-SMB2 3.1.4.1)."},
    [CSIGN_MISTAKE_NONCE_BITS_IN_BYTES_10_AND_11] = {THING_NONCE_BITS, HAS_GMAC | HAS_BITS,
                                                     "nonce-bits-in-bytes-10-and-11",
                                                     "the nonce's role bit is in byte 10 and its CANCEL bit in byte 11",
                                                     ADVICE_BITS},
    [CSIGN_MISTAKE_NONCE_BITS_HIGH_IN_BYTE_11] = {THING_NONCE_BITS, HAS_GMAC | HAS_BITS, "nonce-bits-high-in-byte-11",
                                                  "the nonce's role and CANCEL bits are the highest of byte 11",
                                                  "They are the lowest of byte 8: 0x01 and 0x02 (MS-SMB2 3.1.4.1)."},
    [CSIGN_MISTAKE_NONCE_MESSAGE_ID_BIG_ENDIAN] = {THING_NONCE_MESSAGE_ID, HAS_GMAC | HAS_MESSAGE_ID,
                                                   "nonce-message-id-big-endian", "the nonce's MessageId is big-endian",
                                                   "Copy bytes 24 to 31 of the header as they are (MS-SMB2 3.1.4.1)."},
    [CSIGN_MISTAKE_NONCE_MESSAGE_ID_AT_28] = {THING_NONCE_MESSAGE_ID, HAS_GMAC, "nonce-message-id-at-28",
                                              "the nonce's MessageId is taken from byte 28 of the header", ADVICE_ID},
    [CSIGN_MISTAKE_NONCE_MESSAGE_ID_AT_16] = {THING_NONCE_MESSAGE_ID, HAS_GMAC, "nonce-message-id-at-16",
                                              "the nonce's MessageId is taken from byte 16 of the header", ADVICE_ID},
    [CSIGN_MISTAKE_NONCE_MESSAGE_ID_AT_20] = {THING_NONCE_MESSAGE_ID, HAS_GMAC, "nonce-message-id-at-20",
                                              "the nonce's MessageId is taken from byte 20 of the header", ADVICE_ID},
    [CSIGN_MISTAKE_NONCE_SESSION_ID] = {THING_NONCE_MESSAGE_ID, HAS_GMAC, "nonce-session-id",
                                        "the nonce has the SessionId instead of the MessageId", ADVICE_ID},
    [CSIGN_MISTAKE_NONCE_ASYNC_ID] =
        {THING_NONCE_MESSAGE_ID, HAS_GMAC, "nonce-async-id",
         "the nonce has bytes 32 to 39 of the header (AsyncId) instead of the MessageId",
         "An asynchronous response keeps its request's MessageId, which the nonce is made of (MS-SMB2 3.1.4.1)."},
    [CSIGN_MISTAKE_NONCE_MESSAGE_ID_LAST] = {THING_NONCE_MESSAGE_ID, HAS_GMAC, "nonce-message-id-last",
                                             "the nonce's MessageId stands behind the role and CANCEL bits",
                                             "MessageId first, 8 bytes, then the bits (MS-SMB2 3.1.4.1)."},
    [CSIGN_MISTAKE_NONCE_ZERO] = {THING_NONCE_MESSAGE_ID, HAS_GMAC | HAS_MESSAGE_ID, "nonce-zero",
                                  "the nonce's MessageId is zeros",
                                  "Make the nonce when the MessageId is in the header (MS-SMB2 3.1.4.1)."},
    [CSIGN_MISTAKE_RANGE_TO_FRAME_END] = {THING_RANGE, HAS_FOLLOWING, "range-to-frame-end",
                                          "the signature covers everything to the end of the frame", ADVICE_ELEMENT},
    [CSIGN_MISTAKE_RANGE_FROM_FRAME_START] = {THING_RANGE, HAS_PRECEDING, "range-from-frame-start",
                                              "the signature covers the elements before it too", ADVICE_ELEMENT},
    [CSIGN_MISTAKE_RANGE_WHOLE_FRAME] = {THING_RANGE, HAS_PRECEDING | HAS_FOLLOWING, "range-whole-frame",
                                         "the signature covers the whole frame", ADVICE_ELEMENT},
    [CSIGN_MISTAKE_RANGE_ROUNDED_DOWN_TO_8] = {THING_RANGE, HAS_ODD_8 | HAS_BODY, "range-rounded-down-to-8",
                                               "the length is rounded down to a multiple of 8 bytes", ADVICE_SENT},
    [CSIGN_MISTAKE_RANGE_ROUNDED_DOWN_TO_16] = {THING_RANGE, HAS_ODD_16 | HAS_BODY, "range-rounded-down-to-16",
                                                "the length is rounded down to a multiple of 16 bytes", ADVICE_SENT},
    [CSIGN_MISTAKE_RANGE_SHORT_1] = {THING_RANGE, HAS_BODY, "range-short-1",
                                     "the last byte is not covered, as if it were padding", ADVICE_PADDING},
    [CSIGN_MISTAKE_RANGE_SHORT_2] = {THING_RANGE, HAS_BODY, "range-short-2",
                                     "the last 2 bytes are not covered, as if they were padding", ADVICE_PADDING},
    [CSIGN_MISTAKE_RANGE_SHORT_3] = {THING_RANGE, HAS_BODY, "range-short-3",
                                     "the last 3 bytes are not covered, as if they were padding", ADVICE_PADDING},
    [CSIGN_MISTAKE_RANGE_SHORT_4] = {THING_RANGE, HAS_BODY, "range-short-4",
                                     "the last 4 bytes are not covered, as if they were padding", ADVICE_PADDING},
    [CSIGN_MISTAKE_RANGE_SHORT_5] = {THING_RANGE, HAS_BODY, "range-short-5",
                                     "the last 5 bytes are not covered, as if they were padding", ADVICE_PADDING},
    [CSIGN_MISTAKE_RANGE_SHORT_6] = {THING_RANGE, HAS_BODY, "range-short-6",
                                     "the last 6 bytes are not covered, as if they were padding", ADVICE_PADDING},
    [CSIGN_MISTAKE_RANGE_SHORT_7] = {THING_RANGE, HAS_BODY, "range-short-7",
                                     "the last 7 bytes are not covered, as if they were padding", ADVICE_PADDING},
    [CSIGN_MISTAKE_RANGE_ROUNDED_TO_8] = {THING_RANGE, HAS_ODD_8, "range-rounded-to-8",
                                          "the element is padded with zeros to a multiple of 8 bytes", ADVICE_SENT},
    [CSIGN_MISTAKE_RANGE_ROUNDED_TO_16] = {THING_RANGE, HAS_ODD_16, "range-rounded-to-16",
                                           "the element is padded with zeros to a multiple of 16 bytes", ADVICE_SENT},
    [CSIGN_MISTAKE_RANGE_HEADER_ONLY] = {THING_RANGE, HAS_BODY, "range-header-only",
                                         "the signature covers the header alone",
                                         "Cover the element from its header to its last byte (MS-SMB2 3.1.4.1)."},
    [CSIGN_MISTAKE_RANGE_BODY_ONLY] = {THING_RANGE, HAS_BODY, "range-body-only",
                                       "the signature covers only what is behind the header",
                                       "Cover the element from the first byte of its header (MS-SMB2 3.1.4.1)."},
    [CSIGN_MISTAKE_RANGE_WITH_TRANSPORT_HEADER] = {THING_RANGE, 0, "range-with-transport-header",
                                                   "the 4-byte transport header is covered",
                                                   "Start at the SMB2 header (MS-SMB2 3.1.4.1)."},
    [CSIGN_MISTAKE_SIGNATURE_OF_REQUEST] = {THING_SIGNATURE_FIELD, HAS_REQUEST_SIGNATURE, "signature-of-request",
                                            "the signature field holds the request's signature while signing",
                                            ADVICE_ZERO},
    [CSIGN_MISTAKE_SIGNATURE_PLACEHOLDER] = {THING_SIGNATURE_FIELD, 0, "signature-placeholder",
                                             "the signature field holds the placeholder \"BSRSPYL \" while signing",
                                             ADVICE_ZERO},
    [CSIGN_MISTAKE_SIGNED_TWICE] =
        {THING_SIGNATURE_FIELD, 0, "signed-twice",
         "the signature field holds the right signature while signing, as when a message is signed twice",
         "Zero bytes 48 to 63 before the signature is computed, each time (MS-SMB2 3.1.4.1)."},
    [CSIGN_MISTAKE_SIGNATURE_LEFT_OUT] = {THING_SIGNATURE_FIELD, HAS_BODY, "signature-left-out",
                                          "the signature field is left out of what is covered",
                                          "Bytes 48 to 63 are covered, as zeros (MS-SMB2 3.1.4.1)."},
    [CSIGN_MISTAKE_SIGNED_FLAG_LATE] = {THING_SIGNED_FLAG, 0, "signed-flag-late",
                                        "the SIGNED flag is set after signing",
                                        "Set SMB2_FLAGS_SIGNED before the signature is computed (MS-SMB2 3.1.4.1)."},
    [CSIGN_MISTAKE_PRIORITY_MASKED] =
        {THING_PRIORITY, HAS_PRIORITY, "priority-masked", "the priority bits of Flags are cleared while signing",
         "Sign the header as it is sent; only the signature field is zeroed (MS-SMB2 3.1.4.1)."},
    [CSIGN_MISTAKE_NEXT_COMMAND_LATE] =
        {THING_LATE_FIELD, HAS_NEXT, "next-command-late", "NextCommand is set after signing",
         "Put the compound together, padding and NextCommand, before any element is signed (MS-SMB2 3.1.4.1)."},
    [CSIGN_MISTAKE_MESSAGE_ID_LATE] = {THING_LATE_FIELD, HAS_MESSAGE_ID, "message-id-late",
                                       "MessageId is set after signing", ADVICE_HEADER},
    [CSIGN_MISTAKE_SESSION_ID_LATE] = {THING_LATE_FIELD, HAS_SESSION_ID, "session-id-late",
                                       "SessionId is set after signing", ADVICE_HEADER},
    [CSIGN_MISTAKE_TREE_ID_LATE] = {THING_LATE_FIELD, HAS_TREE_ID, "tree-id-late", "TreeId is set after signing",
                                    ADVICE_HEADER},
    [CSIGN_MISTAKE_CREDITS_LATE] = {THING_LATE_FIELD, HAS_CREDITS, "credits-late", "credits are set after signing",
                                    ADVICE_HEADER},
    [CSIGN_MISTAKE_CREDIT_CHARGE_LATE] = {THING_LATE_FIELD, HAS_CREDIT_CHARGE, "credit-charge-late",
                                          "CreditCharge is set after signing", ADVICE_HEADER},
    [CSIGN_MISTAKE_STATUS_LATE] = {THING_LATE_FIELD, HAS_STATUS, "status-late", "Status is set after signing",
                                   ADVICE_HEADER},
    [CSIGN_MISTAKE_FLAGS_LATE] = {THING_LATE_FIELD, HAS_FLAGS, "flags-late", "Flags are set after signing",
                                  ADVICE_HEADER},
};

const csign_mistake_entry *csign_mistake_at(csign_mistake mistake)
{
    return &entries[(unsigned)mistake < CSIGN_MISTAKE_COUNT ? mistake : CSIGN_MISTAKE_NONE];
}

const char *csign_mistake_name(csign_mistake mistake)
{
    return csign_mistake_at(mistake)->name;
}

const char *csign_mistake_text(csign_mistake mistake)
{
    return csign_mistake_at(mistake)->text;
}

const char *csign_mistake_advice(csign_mistake mistake)
{
    return csign_mistake_at(mistake)->advice;
}
