using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using LPZero.Messages;
using LPZero.Messages.Architectures;
using LPZero.Messages.Control;
using LPZero.Messages.Search;
using LPZero.Seed.Benchmarks;
using LPZero.Seed.Wire;
using Microsoft.AspNetCore.Http;

namespace LPZero.Seed.Control;

/// <summary>Reads what a request brings. What comes from outside has to be whole.</summary>
internal static class ApiBody
{
    private const int MostDepth = 64;

    private static readonly JsonSerializerOptions Strict = new(GenotypeJson.Reading)
    {
        RespectRequiredConstructorParameters = true,
        RespectNullableAnnotations = true,
    };

    private static readonly HashSet<string> ConfigurationFields =
        MessageJson.Options.GetTypeInfo(typeof(SearchConfiguration)).Properties.Select(field => field.Name)
            .ToHashSet(StringComparer.Ordinal);

    /// <summary>The JSON object of a request.</summary>
    /// <exception cref="SearchServiceException">It is none.</exception>
    /// <exception cref="BadHttpRequestException">It is too large, or no JSON by its own word.</exception>
    public static async Task<JsonObject> ReadAsync(HttpRequest request, CancellationToken stop)
    {
        if (!request.HasJsonContentType())
        {
            throw new BadHttpRequestException(
                "the request is to be JSON: give the header Content-Type: application/json", StatusCodes.Status415UnsupportedMediaType);
        }

        try
        {
            var body = await JsonNode.ParseAsync(
                request.Body, documentOptions: new JsonDocumentOptions { AllowDuplicateProperties = false, MaxDepth = MostDepth },
                cancellationToken: stop);
            ReadNames(body);
            return body as JsonObject ?? throw Malformed("the request is no JSON object", field: null);
        }
        catch (Exception problem) when (problem is JsonException or InvalidOperationException)
        {
            throw Malformed($"the request is no JSON: {problem.Message}", field: null);
        }
    }

    /// <summary>The request as a value of a type.</summary>
    /// <param name="request">The request.</param>
    /// <param name="isNot">What it is not where it cannot be read, such as <c>no terms</c>.</param>
    /// <param name="stop">Gives up.</param>
    /// <exception cref="SearchServiceException">It is none.</exception>
    public static async Task<T> ReadAsync<T>(HttpRequest request, string isNot, CancellationToken stop)
        where T : class => As<T>(await ReadAsync(request, stop), isNot, field: null);

    /// <summary>
    /// A run that is to be started: <c>name</c>; <c>benchmark</c>, whole or the name of one that is stored; <c>configuration</c>, of
    /// which what is left out is that of its preset, as far as the benchmark has room for it; and <c>priority</c>, if it has one.
    /// </summary>
    /// <exception cref="SearchServiceException">It is none.</exception>
    public static async Task<StartRequest> ReadRunAsync(HttpRequest request, ISearchService service, CancellationToken stop)
    {
        var body = await ReadAsync(request, stop);
        var name = As<string>(body["name"], "no run", "name");
        // What is wrong with the configuration is said whether there is such a benchmark or not; what it leaves out depends on it.
        var reading = BenchmarkAsync(body["benchmark"], service, stop);
        await ((Task)reading).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        var configuration = As<SearchConfiguration>(
            Completed(body["configuration"], preset => reading is { IsCompletedSuccessfully: true, Result: var read }
                && read.FindProblem() is null ? FittedPreset.Of(preset, read) with { Shapes = preset.Shapes } : preset),
            "no run", "configuration");
        var run = new StartRequest(name, configuration, await reading) { Priority = Number(body["priority"], "no run", "priority") };
        return request.Headers.TryGetValue("Idempotency-Key", out var keys) ? run with { IdempotencyKey = Key(keys.ToString()) } : run;
    }

    /// <summary>The <c>priority</c> that a run is to have.</summary>
    /// <exception cref="SearchServiceException">It is none.</exception>
    public static async Task<int> ReadPriorityAsync(HttpRequest request, CancellationToken stop) =>
        Number((await ReadAsync(request, stop))["priority"], "no priority", "priority")
        ?? throw new SearchServiceException("the request is no priority: priority: it is missing", SearchFailure.Unfit, "priority");

    /// <summary>A benchmark that is to be stored: the file's form, or that of the messages.</summary>
    /// <exception cref="SearchServiceException">It is none.</exception>
    public static Benchmark Benchmark(JsonNode? body, string? field = null)
    {
        if (body is not JsonObject benchmark || !benchmark.ContainsKey("format"))
        {
            return As<Benchmark>(body, "no benchmark", field);
        }

        try
        {
            return BenchmarkFile.Parse(benchmark.ToJsonString(), "the benchmark").Benchmark;
        }
        catch (Exception problem) when (problem is BenchmarkException or InvalidOperationException or ArgumentException)
        {
            throw new SearchServiceException(problem.Message.ReplaceLineEndings(" "), SearchFailure.Unfit, field);
        }
    }

    private static async Task<Benchmark> BenchmarkAsync(JsonNode? given, ISearchService service, CancellationToken stop)
    {
        if (given is not JsonValue named || named.GetValueKind() != JsonValueKind.String)
        {
            return Benchmark(given, "benchmark");
        }

        try
        {
            return await service.BenchmarkAsync(As<string>(given, "no run", "benchmark"), stop);
        }
        catch (SearchServiceException problem) when (problem.Failure == SearchFailure.Missing)
        {
            throw new SearchServiceException(problem.Message, SearchFailure.Unfit, "benchmark");
        }
    }

    /// <summary>A configuration with the values of its preset where it has none of its own.</summary>
    private static JsonNode? Completed(JsonNode? given, Func<SearchConfiguration, SearchConfiguration> fit)
    {
        if (given is not (null or JsonObject))
        {
            return given;
        }

        var configuration = given as JsonObject ?? [];
        if (configuration.FirstOrDefault(field => !ConfigurationFields.Contains(field.Key)).Key is { } unknown)
        {
            throw new SearchServiceException(
                $"a configuration has no '{PrintableText.Escape(PrintableText.Shorten(unknown))}'; " +
                NearestNames.Suggest(PrintableText.Shorten(unknown), ConfigurationFields),
                SearchFailure.Unfit, $"configuration.{PrintableText.Escape(PrintableText.Shorten(unknown))}");
        }

        var preset = configuration["preset"] is { } named ? As<string>(named, "no run", "configuration.preset") : "default";
        var version = configuration["version"] is JsonValue stated && stated.TryGetValue<int>(out var number)
            ? number
            : SearchConfiguration.CurrentVersion;
        if (SearchConfiguration.FindPreset(preset, version) is not { } standard)
        {
            throw new SearchServiceException(
                $"there is no preset '{PrintableText.Escape(PrintableText.Shorten(preset))}'; " +
                NearestNames.Suggest(PrintableText.Shorten(preset), SearchConfiguration.Presets.Keys),
                SearchFailure.Unfit, "configuration.preset");
        }

        var whole = JsonSerializer.SerializeToNode(fit(standard), MessageJson.Options)!.AsObject();
        foreach (var (field, value) in configuration)
        {
            whole[field] = value?.DeepClone();
        }

        return whole;
    }

    private static string Key(string text) => text.Length is > 0 and <= PrintableText.LongestName && PrintableText.FindProblem(text) is null
        ? text
        : throw Malformed(
            string.Create(CultureInfo.InvariantCulture, $"an idempotency key has 1 to {PrintableText.LongestName} characters"),
            "Idempotency-Key");

    private static int? Number(JsonNode? part, string isNot, string field) => part is null ? null
        : part is JsonValue value && value.TryGetValue<int>(out var number) ? number
        : throw new SearchServiceException($"the request is {isNot}: {field}: it is no whole number", SearchFailure.Unfit, field);

    private static T As<T>(JsonNode? part, string isNot, string? field)
        where T : class
    {
        try
        {
            if (NullWithin(part) is { } place)
            {
                throw new JsonException("null is no value here", place, lineNumber: null, bytePositionInLine: null);
            }

            return part?.Deserialize<T>(Strict) ?? throw new JsonException("it is missing");
        }
        catch (JsonException problem)
        {
            var place = problem.Path is { Length: > 1 } path && path.StartsWith("$.", StringComparison.Ordinal) ? path[2..] : null;
            throw new SearchServiceException(
                PrintableText.Escape(
                    $"the request is {isNot}: {(field is null ? "" : field + ": ")}{problem.Message.ReplaceLineEndings(" ")}"),
                SearchFailure.Unfit, Within(field, place));
        }
        catch (Exception problem) when (problem is InvalidOperationException or ArgumentException)
        {
            throw new SearchServiceException(
                $"the request is {isNot}: {problem.Message.ReplaceLineEndings(" ")}", SearchFailure.Unfit, field);
        }
    }

    /// <summary>The name of a place in a field; a place that names the field itself stays as it is.</summary>
    private static string? Within(string? field, string? place) =>
        field is null || (place?.StartsWith(field + ".", StringComparison.Ordinal) ?? false) ? place
        : place is null ? field
        : $"{field}.{place}";

    /// <summary>Reads the names of all fields, which a document else does where it is first asked for one.</summary>
    /// <exception cref="InvalidOperationException">One is no text.</exception>
    private static void ReadNames(JsonNode? part)
    {
        foreach (var inner in part switch { JsonObject one => one.Select(field => field.Value), JsonArray list => list, _ => [] })
        {
            ReadNames(inner);
        }
    }

    /// <summary>Where a list holds null, which no list of a request does; null where none does.</summary>
    private static string? NullWithin(JsonNode? part) => part switch
    {
        JsonArray list => list.Contains(null) ? list.GetPath() : list.Select(NullWithin).FirstOrDefault(place => place is not null),
        JsonObject one => one.Select(field => NullWithin(field.Value)).FirstOrDefault(place => place is not null),
        _ => null,
    };

    private static SearchServiceException Malformed(string reason, string? field) =>
        new(PrintableText.Escape(reason.ReplaceLineEndings(" ")), SearchFailure.Malformed, field);
}
