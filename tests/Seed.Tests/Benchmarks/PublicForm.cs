using System.Text.Json.Nodes;

namespace LPZero.Seed.Tests.Benchmarks;

/// <summary>A small benchmark in the public form, for tests to spoil.</summary>
internal static class PublicForm
{
    public const int Count = 10;

    public static JsonArray Create() => new([.. Enumerable.Range(0, Count).Select(Training)]);

    public static JsonObject Overrides(this JsonArray benchmark, int index) =>
        benchmark[index]!["hparams"]!["model_hparam_overrides"]!.AsObject();

    public static JsonObject Layer(this JsonArray benchmark, int index) =>
        benchmark.Overrides(index)["nas_config"]!["encoder_layers"]![0]!.AsObject();

    private static JsonNode Training(int index) => new JsonObject
    {
        ["id"] = index,
        ["scores"] = new JsonObject { ["glue"] = 60 + index },
        ["hparams"] = new JsonObject
        {
            ["model_hparam_overrides"] = new JsonObject
            {
                ["hidden_size"] = 128,
                ["nas_config"] = new JsonObject
                {
                    ["encoder_layers"] = new JsonArray(new JsonObject
                    {
                        ["operation_type"] = "DSC",
                        ["operation_parameter"] = 5,
                        ["num_operation_heads"] = 4,
                        ["feed_forward_dimension"] = 512,
                        ["num_feed_forward"] = 3,
                    }),
                },
            },
        },
    };
}
