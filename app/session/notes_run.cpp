// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/session/notes_run.h"

#include "app/session/grouped_number.h"
#include "connectors/record/text_encoding.h"

namespace weir {

NotesRun::NotesRun(std::string topic, const Clock& clock)
    : ReportRun(std::move(topic), clock), m_lanes([] { return expert::StreamNotes(); })
{ }

Result<std::unique_ptr<NotesRun>> NotesRun::start(Cluster& cluster, const ReadRequest& request, const Clock& clock)
{
    std::unique_ptr<NotesRun> run(new NotesRun(request.topic, clock));
    if (auto opened = run->open(cluster, request); !opened)
        return opened.error();
    return run;
}

std::string noteJson(const std::string& topic, const expert::StreamNote& note)
{
    std::string json = "{\"topic\":";
    const auto text = [&json](const char* name, std::string_view value) {
        json += ",\"" + std::string(name) + "\":";
        appendJsonString(json, value);
    };
    appendJsonString(json, topic);
    text("level", expert::nameOf(note.level));
    text("kind", expert::nameOf(note.kind));
    json += ",\"count\":" + std::to_string(note.count);
    text("text", note.text);
    if (!note.key.empty())
        text("key", note.key);
    json += ",\"places\":[";
    for (const expert::NotePlace& place : note.places) {
        json += (&place == note.places.data() ? "{\"partition\":" : ",{\"partition\":")
            + std::to_string(place.partition.value) + ",\"offset\":" + std::to_string(place.offset);
        text("detail", place.detail);
        json += '}';
    }
    return json + "]}";
}

std::string noteText(const expert::StreamNote& note, std::size_t places)
{
    std::string text = expert::nameOf(note.level);
    text.resize(9, ' ');
    std::string kind = expert::nameOf(note.kind);
    kind.resize(22, ' ');
    text += kind + note.text + '\n';
    for (std::size_t i = 0; i < std::min(places, note.places.size()); ++i) {
        const expert::NotePlace& place = note.places[i];
        std::string at = std::to_string(place.partition.value) + "@" + std::to_string(place.offset);
        at.resize(std::max<std::size_t>(at.size() + 1, 20), ' ');
        text += std::string(11, ' ') + at + place.detail + '\n';
    }
    if (note.places.size() > places && places > 0)
        text += std::string(11, ' ') + "and " + grouped(note.count - places) + " more\n";
    return text;
}

} // namespace weir
