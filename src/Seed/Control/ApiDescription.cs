using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;

namespace LPZero.Seed.Control;

/// <summary>The control API's description of itself, as OpenAPI.</summary>
internal static class ApiDescription
{
    /// <summary>Where it is.</summary>
    public const string Path = "/openapi/{documentName}.json";

    private const string Scheme = "bearer";

    /// <summary>Adds what makes it.</summary>
    public static void AddTo(IServiceCollection services) => services.AddOpenApi("v1", options =>
    {
        options.ShouldInclude = endpoint => endpoint.RelativePath?.StartsWith("api/", StringComparison.Ordinal) ?? false;
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new OpenApiInfo
            {
                Title = "LPZero.Cluster",
                Version = "v1",
                Description =
                    "The control API; docs/api.md is its guide. Every JSON document has schemaVersion, which the schemas leave out.",
            };
            // It is the same wherever it is served.
            document.Servers = [];
            document.Components ??= new OpenApiComponents();
            document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>(StringComparer.Ordinal)
            {
                [Scheme] = new OpenApiSecurityScheme
                {
                    Type = SecuritySchemeType.Http, Scheme = Scheme, Description = "Needed where the server has a token.",
                },
            };
            return Task.CompletedTask;
        });
    });
}
