// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/kafka/client.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace weir::kafka {

namespace {

using ConfPtr = std::unique_ptr<rd_kafka_conf_t, Destroyer<rd_kafka_conf_destroy>>;

/// Looking changes nothing: these hold for every client, whatever the user wrote.
const Properties& harmless()
{
    static const Properties properties
    {
        {"allow.auto.create.topics", "false"}, {"reconnect.backoff.ms", "100"}, {"reconnect.backoff.max.ms", "1000"},
            {"log_level", "3"}, {"socket.nagle.disable", "true"},
#if RD_KAFKA_VERSION >= 0x020500ff
            {"enable.metrics.push", "false"},
#endif
    };
    return properties;
}

/// Names that would join, commit, create, write or weaken a check. Given by the user they are an error, not ignored.
bool isRefused(std::string_view name)
{
    static constexpr std::array names{"group.id", "group.instance.id", "group.protocol", "enable.auto.commit",
        "enable.auto.offset.store", "auto.commit.enable", "allow.auto.create.topics", "check.crcs", "auto.offset.reset",
        "enable.metrics.push", "transactional.id", "plugin.library.paths"};
    return std::find(names.begin(), names.end(), name) != names.end() || name.starts_with("test.mock.");
}

Result<void> set(rd_kafka_conf_t* conf, const std::string& name, const std::string& value)
{
    char reason[512];
    if (rd_kafka_conf_set(conf, name.c_str(), value.c_str(), reason, sizeof reason) == RD_KAFKA_CONF_OK)
        return {};
    return Error{ErrorKind::InvalidInput, reason, "property " + name};
}

/// From 2.4 to 2.9 librdkafka keeps a pointer into freed memory when a topic comes back with another id while its entry
/// in the metadata cache lives (its issue 4964): from then on a client is told no offsets, until it aborts. Entries
/// that live shorter than a topic takes to be deleted and made anew do not meet their successor.
bool keepsDeletedTopics()
{
    return rd_kafka_version() >= 0x02040000 && rd_kafka_version() < 0x020a0000;
}

Result<void> setAll(rd_kafka_conf_t* conf, const KafkaSettings& settings, const Properties& extra)
{
    // A broker's operator should see who is looking, and can set a quota by this name.
    if (auto done = set(conf, "client.id", "weir"); !done)
        return done;
    if (auto done = set(conf, "bootstrap.servers", settings.bootstrapServers); !done)
        return done;
    if (auto done = keepsDeletedTopics() ? set(conf, "metadata.max.age.ms", "100") : Result<void>(); !done)
        return done;
    for (const auto& [name, value] : settings.properties) {
        if (isRefused(name))
            return Error{ErrorKind::InvalidInput,
                "this property could change something on the cluster or weaken a check, so it cannot be set. Remove "
                "it.",
                "property " + name};
        if (auto done = set(conf, name, value); !done)
            return done;
    }
    for (const Properties* list : {&harmless(), &extra}) {
        for (const auto& [name, value] : *list) {
            if (auto done = set(conf, name, value); !done)
                return done;
        }
    }
    return {};
}

void errorCallback(rd_kafka_t*, int error, const char* reason, void* opaque)
{
    if (opaque)
        static_cast<ClientEvents*>(opaque)->onError(static_cast<rd_kafka_resp_err_t>(error), reason);
}

void throttleCallback(rd_kafka_t*, const char*, std::int32_t, int throttleMs, void* opaque)
{
    if (opaque)
        static_cast<ClientEvents*>(opaque)->onThrottle(throttleMs);
}

void deliveryCallback(rd_kafka_t*, const rd_kafka_message_t* message, void* opaque)
{
    if (opaque && message->err != RD_KAFKA_RESP_ERR_NO_ERROR)
        static_cast<ClientEvents*>(opaque)->onLost(message->err);
}

// librdkafka's own log lines say less than its events, and nobody reads a terminal behind a window.
void noLog(const rd_kafka_t*, int, const char*, const char*) { }

} // namespace

Result<ClientPtr> makeClient(
    rd_kafka_type_t type, const KafkaSettings& settings, const Properties& extra, ClientEvents* events)
{
    if (settings.bootstrapServers.empty())
        return Error{ErrorKind::InvalidInput, "no broker address is given. Write it as host:port.", {}};
    ConfPtr conf(rd_kafka_conf_new());
    if (auto done = setAll(conf.get(), settings, extra); !done)
        return done.error();
    rd_kafka_conf_set_opaque(conf.get(), events);
    rd_kafka_conf_set_error_cb(conf.get(), errorCallback);
    rd_kafka_conf_set_throttle_cb(conf.get(), throttleCallback);
    rd_kafka_conf_set_log_cb(conf.get(), noLog);
    if (type == RD_KAFKA_PRODUCER)
        rd_kafka_conf_set_dr_msg_cb(conf.get(), deliveryCallback);
    char reason[512];
    rd_kafka_t* client = rd_kafka_new(type, conf.get(), reason, sizeof reason);
    if (!client)
        return Error{ErrorKind::InvalidInput, reason, settings.bootstrapServers};
    (void)conf.release(); // rd_kafka_new took it
    return ClientPtr(client);
}

} // namespace weir::kafka
