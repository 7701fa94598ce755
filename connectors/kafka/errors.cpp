// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/kafka/errors.h"

namespace weir::kafka {

namespace {

/// What to do about it, where librdkafka's words alone do not help.
const char* remedyFor(rd_kafka_resp_err_t code)
{
    switch (code) {
    case RD_KAFKA_RESP_ERR__TRANSPORT:
    case RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN:
        return " No broker answers there. Check the address, the port and that the broker runs.";
    case RD_KAFKA_RESP_ERR__TIMED_OUT:
    case RD_KAFKA_RESP_ERR_REQUEST_TIMED_OUT:
        return " The broker did not answer in time. It may be down, or may want TLS or a login.";
    case RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED:
        return " This user may not read the topic. Ask for READ and DESCRIBE on it.";
    case RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED:
        return " This user may not describe the group. Ask for DESCRIBE on it.";
    case RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART:
    case RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC:
    case RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION:
        return " The topic does not exist. Check its name; Weir does not create topics.";
    case RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE:
    case RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION:
        return " No broker leads the partition at the moment. Try again when its broker is back.";
    case RD_KAFKA_RESP_ERR__UNSUPPORTED_FEATURE:
        return " This cluster does not offer it.";
    default:
        return "";
    }
}

} // namespace

ErrorKind kindOf(rd_kafka_resp_err_t code)
{
    switch (code) {
    case RD_KAFKA_RESP_ERR__TRANSPORT:
    case RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN:
    case RD_KAFKA_RESP_ERR__RESOLVE:
    case RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE:
    case RD_KAFKA_RESP_ERR_BROKER_NOT_AVAILABLE:
    case RD_KAFKA_RESP_ERR_REPLICA_NOT_AVAILABLE:
    case RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION:
    case RD_KAFKA_RESP_ERR_FENCED_LEADER_EPOCH:
    case RD_KAFKA_RESP_ERR_UNKNOWN_LEADER_EPOCH:
        return ErrorKind::Unreachable;
    case RD_KAFKA_RESP_ERR__TIMED_OUT:
    case RD_KAFKA_RESP_ERR__TIMED_OUT_QUEUE:
    case RD_KAFKA_RESP_ERR_REQUEST_TIMED_OUT:
        return ErrorKind::Timeout;
    case RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED:
    case RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED:
    case RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED:
    case RD_KAFKA_RESP_ERR__AUTHENTICATION:
    case RD_KAFKA_RESP_ERR_SASL_AUTHENTICATION_FAILED:
        return ErrorKind::NotAuthorized;
    case RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART:
    case RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC:
    case RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION:
    case RD_KAFKA_RESP_ERR__UNKNOWN_GROUP:
        return ErrorKind::NotFound;
    case RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET:
    case RD_KAFKA_RESP_ERR_OFFSET_OUT_OF_RANGE:
        return ErrorKind::OutOfRange;
    case RD_KAFKA_RESP_ERR__UNSUPPORTED_FEATURE:
    case RD_KAFKA_RESP_ERR_UNSUPPORTED_VERSION:
        return ErrorKind::Unsupported;
    case RD_KAFKA_RESP_ERR__BAD_MSG:
    case RD_KAFKA_RESP_ERR__BAD_COMPRESSION:
    case RD_KAFKA_RESP_ERR_INVALID_MSG:
        return ErrorKind::Corrupt;
    default:
        return ErrorKind::Internal;
    }
}

Error errorOf(rd_kafka_resp_err_t code, std::string where)
{
    return {kindOf(code), std::string(rd_kafka_err2str(code)) + "." + remedyFor(code), std::move(where)};
}

Error errorOf(const rd_kafka_error_t* error, std::string where)
{
    const rd_kafka_resp_err_t code = rd_kafka_error_code(error);
    return {kindOf(code), std::string(rd_kafka_error_string(error)) + "." + remedyFor(code), std::move(where)};
}

} // namespace weir::kafka
