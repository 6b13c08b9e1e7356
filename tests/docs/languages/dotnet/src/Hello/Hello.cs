using System.Collections.Generic;
using System.Text.Json;
using Amazon.Lambda.Core;
using Amazon.Lambda.Serialization.SystemTextJson;

[assembly: LambdaSerializer(typeof(DefaultLambdaJsonSerializer))]

namespace Example;

public class Hello
{
    public Dictionary<string, object> Handle(JsonElement request) =>
        new() { ["statusCode"] = 200, ["body"] = "hello from .NET" };
}
