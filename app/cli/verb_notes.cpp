// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/report_coverage.h"
#include "app/session/notes_run.h"

namespace weir::cli {

namespace {

struct NotesOptions
{
    std::string topic;
    ReadOptions read{"-10000", "end", {}, false};
    int places = 5;
};

std::string textOf(const expert::StreamNotes& notes, const std::string& topic, const NotesOptions& options, bool json)
{
    std::string text;
    for (const expert::StreamNote& note : notes.notes())
        text += json ? noteJson(topic, note) + "\n" : noteText(note, static_cast<std::size_t>(options.places));
    return text.empty() && !json ? "Nothing remarkable.\n" : text;
}

ExitCode notes(Environment& environment, const NotesOptions& options)
{
    return report<NotesRun>(environment, {options.topic, options.read, "Looked at"},
        [&](const NotesRun& run) { return textOf(*run.notes(), options.topic, options, environment.options.json); });
}

} // namespace

void addNotes(CommandLine& line)
{
    const auto options = std::make_shared<NotesOptions>();
    VerbOptions verb = line.addVerb("notes",
        "Tell what is remarkable in a topic: gaps, duplicates, order, schema changes, records that cannot be decoded",
        [options](Environment& environment) { return notes(environment, *options); });
    verb.connection("A JSON object for each note, with its first thousand places");
    verb.memory();
    verb.required("topic", options->topic, "Topic to look at; a sample of it unless --from beginning");
    addReadOptions(verb, options->read);
    verb.number("--places", options->places, "So many places of each note", {0, 1000});
}

} // namespace weir::cli
